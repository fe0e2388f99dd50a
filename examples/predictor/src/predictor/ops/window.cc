#include "predictor/ops/window.h"

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {

int64_t Window::travel(int d, int64_t in) const {
  const int64_t travel = in + 2 * pad[d] - reach(d);
  check(travel >= 0, {"the kernel reaches over ", reach(d), " elements, but the padded input has ",
                      in + 2 * pad[d]});
  check(in + 2 * pad[d] <= Shape::kMaxElements, {"the padded input is too large"});
  return travel;
}

Window parse_window(Attributes& attributes, bool has_dilate) {
  Window window;
  const size_t rank = attributes.tuple("kernel").size();
  check(rank >= 1 && rank <= 3, {"attribute 'kernel' should have 1, 2 or 3 elements"});
  window.rank = static_cast<int>(rank);
  parse_extents(attributes, "kernel", window.rank, 1, window.kernel);
  parse_extents(attributes, "stride", window.rank, 1, window.stride);
  parse_extents(attributes, "pad", window.rank, 0, window.pad);
  if (has_dilate) parse_extents(attributes, "dilate", window.rank, 1, window.dilate);
  return window;
}

void parse_extents(Attributes& attributes, const char* key, int rank, int64_t least,
                   int64_t* values) {
  const Vector<int64_t> given = attributes.tuple(key);
  if (given.empty()) return;
  check(given.size() == static_cast<size_t>(rank),
        {"attribute '", key, "' has ", static_cast<uint64_t>(given.size()), " elements, but ", rank,
         " are needed"});
  for (int d = 0; d < rank; ++d) {
    const int64_t value = given[static_cast<size_t>(d)];
    check(value >= least && value <= Window::kMaxExtent,
          {"attribute '", key, "' holds ", value, ", but should be from ", least, " to ",
           Window::kMaxExtent});
    values[d] = value;
  }
}

void parse_layout(Attributes& attributes) {
  attributes.choice("layout", {"None", "NCW", "NCHW", "NCDHW"}, 0);
}

void align_right(int rank, const int64_t* values, int* out) {
  for (int d = 0; d < rank; ++d) out[3 - rank + d] = static_cast<int>(values[d]);
}

}  // namespace predictor
