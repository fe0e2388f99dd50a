// The threads that share the work of large kernels. There is one pool for all predictors of a
// process: whoever finds it taken works alone, and nothing that is computed depends on it.
#pragma once

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

// The pool lives as long as somebody holds one of these; its threads end with the last.
class ThreadsUse {
 public:
  ThreadsUse();
  ~ThreadsUse();
  ThreadsUse(const ThreadsUse&) = delete;
  ThreadsUse& operator=(const ThreadsUse&) = delete;
};

// Threads that work together, the caller's among them; 1 where there is no pool.
int thread_count();

// How many there shall be from now on; 0: as many as the environment variable PREDICTOR_NUM_THREADS
// says, or as there are processors. REQUIRES: count >= 0.
void set_thread_count(int count);

// Calls task(context, i) for 0 <= i < count, in any order and from several threads at once. The
// task neither throws nor calls this function.
void parallel_for(int count, void (*task)(const void* context, int index), const void* context);

}  // namespace predictor
