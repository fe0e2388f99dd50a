#ifndef SPANS_VIEW_HPP
#define SPANS_VIEW_HPP
#include <cstddef>
#ifdef SPANS_CHECKED
#include "spans/check.hpp"
#endif
namespace spans {
template <class T>
struct View {
  T* first;
  std::size_t count;
  T& operator[](std::size_t index) const {
#ifdef SPANS_CHECKED
    check(index < count);
#endif
    return first[index];
  }
};
}  // namespace spans
#endif
