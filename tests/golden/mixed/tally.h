#ifndef TALLY_H
#define TALLY_H
#ifdef __cplusplus
extern "C" {
#endif
int tally_add(int amount);
int tally_twice(int amount);
#ifdef __cplusplus
}
#endif
#endif
