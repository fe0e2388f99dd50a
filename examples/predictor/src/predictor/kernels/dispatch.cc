// The public kernels that exist per instruction set: each call goes on to the table of its `isa`.
// (gemm.cc has the one that BLAS may take over.)
// REQUIRES, of all of them: isa_is_available(isa).
#include "predictor/kernels/isa_kernels.h"

namespace PREDICTOR_HIDDEN predictor {

void scale_channels(Isa isa, int outer, int channels, int inner, const float* scale,
                    const float* in, const Epilogue& epilogue, float* out) {
  isa_kernels(isa)->scale_channels(outer, channels, inner, scale, in, epilogue, out);
}

void local_response_normalize(Isa isa, const LrnShape& shape, const float* in, float* out) {
  isa_kernels(isa)->local_response_normalize(shape, in, out);
}

void activate(Isa isa, size_t count, const float* in, const Epilogue& epilogue, float* out) {
  isa_kernels(isa)->activate(count, in, epilogue, out);
}

void leaky_relu(Isa isa, int outer, int channels, int inner, const float* slope, const float* in,
                float* out) {
  isa_kernels(isa)->leaky_relu(outer, channels, inner, slope, in, out);
}

}  // namespace predictor
