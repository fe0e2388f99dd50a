#include "tally.h"
template <class Number>
static Number doubled(Number value) { return value + value; }
int tally_twice(int amount) { return tally_add(doubled(amount)); }
