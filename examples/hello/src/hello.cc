#include "hello.h"

#include <cstdio>

#include "day.h"

namespace hello {
namespace hello_detail {

// Whoever is awake before five is asked rather than greeted.
static char mark_at(int hour) { return hour < 5 ? '?' : '!'; }

}  // namespace hello_detail
}  // namespace hello

int hello_greet(const char* name, int hour, char* text, size_t size) {
  const char* greeting = hello::greeting_at(hour);
  if (name == nullptr || greeting == nullptr) return -1;
  return std::snprintf(text, size, "%s, %s%c", greeting, name, hello::hello_detail::mark_at(hour));
}
