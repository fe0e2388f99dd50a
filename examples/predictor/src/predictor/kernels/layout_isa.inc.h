// From the plain layout to the blocked one and back, see layout.h.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

static constexpr int kChannelBlock = kLanes;

// A block is kLanes lines of kLanes floats at a time, through the first-level cache.
PREDICTOR_KERNEL void to_blocked(const ImageShape& shape, const float* plain, float* blocked) {
  for (int n = 0; n < shape.batch; ++n) {
    for (int c = 0; c < shape.channels; c += kLanes) {
      const int channels = smaller_int(kLanes, shape.channels - c);
      for (ptrdiff_t i = 0; i < shape.plane; ++i, blocked += kLanes) {
        for (int k = 0; k < channels; ++k) blocked[k] = plain[k * shape.plane + i];
        for (int k = channels; k < kLanes; ++k) blocked[k] = 0.0f;
      }
      plain += channels * shape.plane;
    }
  }
}

PREDICTOR_KERNEL void to_plain(const ImageShape& shape, const float* blocked, float* plain) {
  for (int n = 0; n < shape.batch; ++n) {
    for (int c = 0; c < shape.channels; c += kLanes) {
      const int channels = smaller_int(kLanes, shape.channels - c);
      for (int k = 0; k < channels; ++k, plain += shape.plane) {
        for (ptrdiff_t i = 0; i < shape.plane; ++i) plain[i] = blocked[i * kLanes + k];
      }
      blocked += shape.plane * kLanes;
    }
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
