// Transposed convolution of 1-, 2- and 3-D images, with groups and dilation: each input element
// adds its multiple of the kernel to the output.
//
//   sum[n][o][y] = sum over c, x, t with x*stride - pad + t*dilate = y of
//                  weight[c][o'][t] * in[n][c][x]
//   out[n][o][y] = activation(bias[o] + residual[n][o][y] + sum[n][o][y])
//
// x, y and t are (depth, height, width) triples, c runs over the input channels of o's group, and
// o' is the number of o in its group.
//
// Source: MXNet 1.x Deconvolution, out = stride*(in-1) + dilate*(kernel-1) + 1 - 2*pad + adjust.
#pragma once

#include <cstddef>

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace PREDICTOR_HIDDEN predictor {

// Extents in order depth, height, width; leading ones for fewer dimensions.
// REQUIRES: all but `pad` at least 1, `pad` at least 0; groups divides both channel counts.
struct DeconvolutionShape {
  int batch = 1;
  int in_channels = 1;
  int out_channels = 1;
  int groups = 1;
  int in[3] = {1, 1, 1};
  int kernel[3] = {1, 1, 1};
  int stride[3] = {1, 1, 1};
  int dilate[3] = {1, 1, 1};
  int pad[3] = {0, 0, 0};
  int out[3] = {1, 1, 1};  // any: elements that no window reaches hold bias and residual alone
};

// Number of floats that deconvolution_pack writes.
size_t deconvolution_packed_floats(Isa isa, const DeconvolutionShape& shape);

// weight: (in_channels, out_channels/groups, kernel depth, height, width). packed:
// deconvolution_packed_floats() floats, no overlap.
void deconvolution_pack(Isa isa, const DeconvolutionShape& shape, const float* weight,
                        float* packed);

// Number of floats of scratch memory that deconvolution_run needs.
size_t deconvolution_workspace_floats(Isa isa, const DeconvolutionShape& shape);

// in: (batch, in_channels, in...). out: (batch, out_channels, out...). REQUIRES: no overlap, except
// that epilogue.residual may be `out`.
void deconvolution_run(Isa isa, const DeconvolutionShape& shape, const float* packed,
                       const float* in, const Epilogue& epilogue, float* workspace, float* out);

}  // namespace predictor
