#include "predictor/ops/layout_kernel.h"

#include "predictor/kernels/layout.h"
#include "predictor/ops/forms.h"

namespace PREDICTOR_HIDDEN predictor {

Unique<Kernel> layout_kernel(Isa isa, const Shape& shape, bool is_to_blocked) {
  const ImageShape image = {static_cast<int>(shape[0]), static_cast<int>(shape[1]),
                            static_cast<ptrdiff_t>(shape.product(2, shape.rank()))};
  return function_kernel([isa, image, is_to_blocked](const KernelRun& tensors) {
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    if (is_to_blocked) {
      to_blocked(isa, image, in, out);
    } else {
      to_plain(isa, image, in, out);
    }
  });
}

}  // namespace predictor
