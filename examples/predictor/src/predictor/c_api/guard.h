// The wall between C++ and C: whatever is thrown behind it becomes -1 and a text.
#pragma once

#include <exception>
#include <new>

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

// The text of this thread's last failure, "" at first.
const char* last_error();

// Sets it to "FUNCTION: MESSAGE", cut off where its fixed memory ends, so that this cannot fail.
void set_last_error(const char* function, const char* message) noexcept;

// Runs `body` and returns 0, or -1 with the text set if it throws.
template <typename F>
int c_boundary(const char* function, F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    set_last_error(function, "not enough memory");
  } catch (const std::exception& error) {
    set_last_error(function, error.what());
  } catch (...) {
    set_last_error(function, "unknown C++ exception");
  }
  return -1;
}

}  // namespace predictor
