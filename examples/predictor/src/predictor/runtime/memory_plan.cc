#include "predictor/runtime/memory_plan.h"

#include <algorithm>

#include "predictor/base/error.h"
#include "predictor/tensor/tensor.h"

namespace PREDICTOR_HIDDEN predictor {
namespace memory_plan_detail {

static constexpr size_t kMaxArenaBytes = static_cast<size_t>(-1) / 4;

static size_t rounded_up(size_t bytes) {
  return (bytes + Buffer::kAlignment - 1) / Buffer::kAlignment * Buffer::kAlignment;
}

static bool overlap(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

}  // namespace memory_plan_detail

MemoryPlan plan_memory(const Vector<Lifetime>& lifetimes) {
  using memory_plan_detail::kMaxArenaBytes;
  MemoryPlan plan;
  plan.offsets.resize(lifetimes.size());
  Vector<size_t> by_size(lifetimes.size());
  for (size_t i = 0; i < by_size.size(); ++i) by_size[i] = i;
  std::sort(by_size.begin(), by_size.end(), [&](size_t a, size_t b) {
    return lifetimes[a].bytes != lifetimes[b].bytes ? lifetimes[a].bytes > lifetimes[b].bytes
                                                    : a < b;
  });
  Vector<size_t> placed;  // by offset
  for (const size_t index : by_size) {
    check(lifetimes[index].bytes < kMaxArenaBytes, {"the network needs too much memory"});
    const size_t bytes = memory_plan_detail::rounded_up(lifetimes[index].bytes);
    size_t offset = 0;
    for (const size_t other : placed) {
      if (!memory_plan_detail::overlap(lifetimes[index], lifetimes[other])) continue;
      if (plan.offsets[other] >= offset + bytes) break;
      const size_t end =
          plan.offsets[other] + memory_plan_detail::rounded_up(lifetimes[other].bytes);
      offset = std::max(offset, end);
    }
    check(offset < kMaxArenaBytes, {"the network needs too much memory"});
    plan.offsets[index] = offset;
    plan.bytes = std::max(plan.bytes, offset + bytes);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), offset,
                         [&](size_t wanted, size_t other) { return wanted < plan.offsets[other]; }),
        index);
  }
  return plan;
}

}  // namespace predictor
