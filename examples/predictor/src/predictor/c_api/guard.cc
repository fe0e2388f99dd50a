#include "predictor/c_api/guard.h"

#include <cstddef>

namespace PREDICTOR_HIDDEN predictor {
namespace guard_detail {

static constexpr size_t kMaxText = 2048;
static thread_local char text[kMaxText];

// Copies `part` to text[at...] and returns where it ends, leaving room for the zero byte.
static size_t append(size_t at, const char* part) {
  for (; *part != '\0' && at + 1 < kMaxText; ++part) text[at++] = *part;
  return at;
}

}  // namespace guard_detail

const char* last_error() { return guard_detail::text; }

void set_last_error(const char* function, const char* message) noexcept {
  const char* const parts[] = {function, ": ", message};
  size_t end = 0;
  for (const char* part : parts) end = guard_detail::append(end, part);
  guard_detail::text[end] = '\0';
}

}  // namespace predictor
