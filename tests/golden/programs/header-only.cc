#include "spans.hpp"
#include "spans.hpp"
#include <cstdio>

int main() {
  int numbers[] = {1, 2, 3}, sum = 0;
  spans::for_each(spans::View<int>{numbers, 3}, [&](int number) { sum += number; });
  std::printf("%d %d\n", sum, SPANS_VERSION);
  return 0;
}
