#pragma once
#include "spans/check.hpp"
#include "spans/view.hpp"
namespace spans {
template <class T, class Action>
void for_each(const View<T>& view, Action action) {
  check(view.first != nullptr);
  for (std::size_t index = 0; index < view.count; ++index) action(view[index]);
}
}  // namespace spans
