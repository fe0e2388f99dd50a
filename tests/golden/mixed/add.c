#include "tally.h"
static int class; /* a word that only C allows */
int tally_add(int amount) { return class += amount; }
