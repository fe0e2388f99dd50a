#include "predictor/kernels/layout.h"

#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

int channel_block(Isa isa) { return isa_kernels(isa)->channel_block; }

int blocked_channels(Isa isa, int channels) {
  const int block = channel_block(isa);
  return (channels + block - 1) / block * block;
}

size_t blocked_floats(Isa isa, const ImageShape& shape) {
  return static_cast<size_t>(shape.batch) *
         static_cast<size_t>(blocked_channels(isa, shape.channels)) *
         static_cast<size_t>(shape.plane);
}

void to_blocked(Isa isa, const ImageShape& shape, const float* plain, float* blocked) {
  isa_kernels(isa)->to_blocked(shape, plain, blocked);
}

void to_plain(Isa isa, const ImageShape& shape, const float* blocked, float* plain) {
  isa_kernels(isa)->to_plain(shape, blocked, plain);
}

}  // namespace predictor
