// The table of this instruction set's kernels.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

static constexpr IsaKernels kKernels = {
    kChannelBlock,
    to_blocked,
    to_plain,
    convolution_packed_floats,
    convolution_pack,
    convolution_workspace_floats,
    convolution_run,
    gemm_workspace_floats,
    gemm,
    pool,
    scale_channels,
    local_response_normalize,
    activate,
    leaky_relu,
    binary,
};

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
