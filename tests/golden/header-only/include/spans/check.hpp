#pragma once
#include <cstdlib>
namespace spans {
inline void check(bool holds) {
  if (!holds) std::abort();
}
}  // namespace spans
