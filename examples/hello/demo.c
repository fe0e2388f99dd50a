/* Greets the names of the command line all through a day; knows hello by its C header alone. */
#include <stdio.h>

#include "hello.h"

int main(int count, char **words) {
  for (int i = 1; i < count; ++i) {
    for (int hour = 3; hour < 24; hour += 5) {
      char text[80];
      if (hello_greet(words[i], hour, text, sizeof text) < 0) return 1;
      printf("%02d:00  %s\n", hour, text);
    }
  }
  return 0;
}
