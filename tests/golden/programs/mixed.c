#include <stdio.h>
int tally_add(int amount);
int tally_twice(int amount);
int main(void) {
  tally_add(1);
  printf("%d\n", tally_twice(20));
  return 0;
}
