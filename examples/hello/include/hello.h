/* hello: a greeting that knows what time it is. For C99 and C++. */
#ifndef HELLO_H
#define HELLO_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes the greeting of `name` at `hour` (0 to 23) into `text`, cut to `size` bytes with the NUL.
 * Returns its full length without the NUL, like snprintf: a caller can make room and ask again.
 * Returns -1 and leaves `text` alone if `name` is null or no clock shows that hour.
 */
int hello_greet(const char *name, int hour, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* HELLO_H */
