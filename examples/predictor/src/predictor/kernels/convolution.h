// Convolution (cross-correlation) of 1-, 2- and 3-D images, with groups, dilation and an epilogue.
//
//   sum[n][o][y] = sum over c, t of weight[o][c][t] * in[n][c'][y*stride - pad + t*dilate]
//   out[n][o][y] = activation(bias[o] + residual[n][o][y] + sum[n][o][y])
//
// y and t are (depth, height, width) triples, c runs over the input channels c' of o's group, and
// the input is zero outside.
//
// Source: MXNet 1.x Convolution, out = floor((in + 2*pad - dilate*(kernel-1) - 1)/stride) + 1.
#pragma once

#include <cstddef>

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// Extents in order depth, height, width; a 1-D or 2-D convolution has leading ones (and zero
// padding there). REQUIRES: all but `pad` at least 1, `pad` at least 0; groups divides both channel
// counts; `out` as the formula above says; the bytes of each tensor fit in ptrdiff_t.
struct ConvolutionShape {
  int batch = 1;
  int in_channels = 1;
  int out_channels = 1;
  int groups = 1;
  int in[3] = {1, 1, 1};
  int kernel[3] = {1, 1, 1};
  int stride[3] = {1, 1, 1};
  int dilate[3] = {1, 1, 1};
  int pad[3] = {0, 0, 0};
  int out[3] = {1, 1, 1};
  bool is_in_blocked = false;   // layout of `in`, see layout.h
  bool is_out_blocked = false;  // and of `out` and the residual
  // By minimal filtering (winograd_isa.inc.h), for which weights are packed in another way.
  // REQUIRES: convolution_is_filterable.
  bool is_filtered = false;
};

// Vectors of this length do without minimal filtering: there are four kilobytes in it for each
// instruction set, and where AVX2 is the best there is, the library is quick enough to spare them.
constexpr int kUnfilteredLanes = 8;

// Whether the kernel is 3 x 3, and all else as simple as can be.
bool convolution_is_filterable(Isa isa, const ConvolutionShape& shape);

// Whether minimal filtering is faster: the image has to be large beside the weights, which become
// four times as many. REQUIRES: convolution_is_filterable.
bool convolution_gains_by_filtering(const ConvolutionShape& shape);

// Whether the kernel would bring a plain input into blocks first, so that it is better to have one.
bool convolution_reads_blocks(Isa isa, const ConvolutionShape& shape);

// Number of floats that convolution_pack writes. Independent of batch, extents and layout.
size_t convolution_packed_floats(Isa isa, const ConvolutionShape& shape);

// weight: (out_channels, in_channels/groups, kernel depth, height, width). packed:
// convolution_packed_floats() floats, no overlap.
void convolution_pack(Isa isa, const ConvolutionShape& shape, const float* weight, float* packed);

// Number of floats of scratch memory that convolution_run needs.
size_t convolution_workspace_floats(Isa isa, const ConvolutionShape& shape);

// in: (batch, in_channels, in...). out: (batch, out_channels, out...). packed: as written by
// convolution_pack with the same `isa` and `shape` (batch and extents aside). workspace:
// convolution_workspace_floats() floats, contents undefined before and after. REQUIRES: no overlap,
// except that epilogue.residual may be `out`.
void convolution_run(Isa isa, const ConvolutionShape& shape, const float* packed, const float* in,
                     const Epilogue& epilogue, float* workspace, float* out);

}  // namespace predictor
