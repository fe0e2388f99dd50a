// Where in one block of memory (the arena) the results of all steps live, so that what is not
// needed at the same time shares its place.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"

namespace PREDICTOR_HIDDEN predictor {

// Something that needs `bytes` of memory from step `first` to step `last`, both included.
struct Lifetime {
  size_t bytes = 0;
  size_t first = 0;
  size_t last = 0;
};

struct MemoryPlan {
  Vector<size_t> offsets;  // per lifetime, multiples of Buffer::kAlignment
  size_t bytes = 0;        // of the arena
};

// The largest first, each at the lowest offset that is free for its whole life.
MemoryPlan plan_memory(const Vector<Lifetime>& lifetimes);

}  // namespace predictor
