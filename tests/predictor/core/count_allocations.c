/* Put in front of a library with LD_PRELOAD: counts what a call allocates and throws. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* memory, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

static _Thread_local int is_counting;
static _Thread_local long counted;

static void count(void) { counted += is_counting; }

void* malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void* calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void* realloc(void* memory, size_t size) {
  count();
  return __libc_realloc(memory, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

/* Calls function(handle) and returns how often it allocated or threw. */
long allocations_of(int (*function)(void*), void* handle, int* result) {
  counted = 0;
  is_counting = 1;
  *result = function(handle);
  is_counting = 0;
  return counted;
}

void* __cxa_allocate_exception(size_t size) {
  static void* (*next)(size_t);
  if (!next) *(void**)&next = dlsym(RTLD_NEXT, "__cxa_allocate_exception");
  count();
  return next(size);
}
