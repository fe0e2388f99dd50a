#include "predictor/ops/ordering.h"

#include <cmath>
#include <utility>

namespace PREDICTOR_HIDDEN predictor {
namespace ordering_detail {

struct Comparison {
  const float* values;
  ptrdiff_t stride;
  bool is_ascending;

  bool is_before(int32_t a, int32_t b) const {
    const float x = values[a * stride];
    const float y = values[b * stride];
    if (x != y && !(std::isnan(x) && std::isnan(y))) {
      if (std::isnan(x) || std::isnan(y)) return std::isnan(y);
      return is_ascending ? x < y : x > y;
    }
    return a < b;
  }
};

// Restores the heap below `at`, where each index comes after both of its children.
static void sift_down(const Comparison& comparison, int32_t* order, size_t at, size_t count) {
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && comparison.is_before(order[child], order[child + 1])) ++child;
    if (!comparison.is_before(order[at], order[child])) return;
    std::swap(order[at], order[child]);
    at = child;
  }
}

}  // namespace ordering_detail

// A heap sort: std::sort is ten times the code, and brings no more where all indices differ.
void sort_by_value(const float* values, ptrdiff_t stride, bool is_ascending, int32_t* order,
                   size_t count) {
  const ordering_detail::Comparison comparison = {values, stride, is_ascending};
  for (size_t i = count / 2; i-- > 0;) {
    ordering_detail::sift_down(comparison, order, i, count);
  }
  for (size_t last = count; last-- > 1;) {
    std::swap(order[0], order[last]);
    ordering_detail::sift_down(comparison, order, 0, last);
  }
}

}  // namespace predictor
