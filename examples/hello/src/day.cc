#include "day.h"

namespace hello {
namespace day_detail {

struct Part {
  int end;  // the first hour that is no longer in it
  const char* greeting;
};

static constexpr Part kParts[] = {
    {5, "Still up"},      {12, "Good morning"}, {18, "Good afternoon"},
    {22, "Good evening"}, {24, "Good night"},
};

}  // namespace day_detail

const char* greeting_at(int hour) {
  if (hour < 0) return nullptr;
  for (const day_detail::Part& part : day_detail::kParts) {
    if (hour < part.end) return part.greeting;
  }
  return nullptr;
}

}  // namespace hello
