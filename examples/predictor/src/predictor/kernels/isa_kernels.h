// The kernels of one instruction set, as a table of functions. Private to this folder: users call
// the functions of the other headers, which look up the table of their `isa` and forward to it.
#pragma once

#include <cstddef>

#include "predictor/base/threads.h"
#include "predictor/kernels/convolution.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/kernels/gemm.h"
#include "predictor/kernels/isa.h"
#include "predictor/kernels/layout.h"
#include "predictor/kernels/normalization.h"
#include "predictor/kernels/pooling.h"

namespace PREDICTOR_HIDDEN predictor {

// Each function has the signature of the public one of its name, without `isa`. Convolutions write
// blocked images, and read them if convolution_reads_blocks.
struct IsaKernels {
  int channel_block;
  void (*to_blocked)(const ImageShape&, const float*, float*);
  void (*to_plain)(const ImageShape&, const float*, float*);
  size_t (*convolution_packed_floats)(const ConvolutionShape&);
  void (*convolution_pack)(const ConvolutionShape&, const float*, float*);
  size_t (*convolution_workspace_floats)(const ConvolutionShape&);
  void (*convolution_run)(const ConvolutionShape&, const float*, const float*, const Epilogue&,
                          float*, float*);
  size_t (*gemm_workspace_floats)(const GemmShape&);
  void (*gemm)(const GemmShape&, const float*, const float*, float*, float*);
  void (*pool)(const PoolingShape&, const float*, float*);
  void (*scale_channels)(int, int, int, const float*, const float*, const Epilogue&, float*);
  void (*local_response_normalize)(const LrnShape&, const float*, float*);
  void (*activate)(size_t, const float*, const Epilogue&, float*);
  void (*leaky_relu)(int, int, int, const float*, const float*, float*);
  void (*binary)(BinaryKind, size_t, const float*, int, const float*, int, const Epilogue&, float*);
};

// The table of `isa`, or null where it was not compiled in.
const IsaKernels* isa_kernels(Isa isa);

}  // namespace predictor
