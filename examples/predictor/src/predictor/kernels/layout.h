// The blocked layout of images: channels in blocks of as many as a register holds, those of one
// block next to each other in memory, so that every kernel reads and writes whole registers.
//
//   plain:   (batch, channels, plane)
//   blocked: (batch, blocks, plane, block), blocks = channels / block rounded up; the channels that
//            are too many hold numbers that nobody reads
//
// A plane is all of depth, height and width.
#pragma once

#include <cstddef>

#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

struct ImageShape {
  int batch = 1;
  int channels = 1;
  ptrdiff_t plane = 1;
};

// Channels of a block; a power of 2. With 1 both layouts are the same.
int channel_block(Isa isa);

// The channels that a blocked image of `channels` has room for.
int blocked_channels(Isa isa, int channels);

// Floats of a blocked image.
size_t blocked_floats(Isa isa, const ImageShape& shape);

// REQUIRES: no overlap. The channels that are too many become 0.
void to_blocked(Isa isa, const ImageShape& shape, const float* plain, float* blocked);
void to_plain(Isa isa, const ImageShape& shape, const float* blocked, float* plain);

}  // namespace predictor
