#include <stdio.h>

#include "palette.h"

int main() {
  const palette_colour grey = {200, 200, 200}, night = {10, 10, 40};
  printf("%d %s %d %s\n", palette_luma(grey), palette_name(grey), palette_luma(night), palette_name(night));
  return 0;
}
