// The pooling of plain and blocked images: the kernels of the instruction sets take blocked ones.
#include "predictor/kernels/pooling.h"

#include "predictor/kernels/isa_kernels.h"
#include "predictor/kernels/layout.h"

namespace PREDICTOR_HIDDEN predictor {
namespace pooling_detail {

static ImageShape image_of(const PoolingShape& shape, const int (&extents)[3]) {
  return {1, shape.planes, static_cast<ptrdiff_t>(extents[0]) * extents[1] * extents[2]};
}

}  // namespace pooling_detail

size_t pool_workspace_floats(Isa isa, const PoolingShape& shape) {
  if (shape.is_blocked) return 0;
  return blocked_floats(isa, pooling_detail::image_of(shape, shape.in)) +
         blocked_floats(isa, pooling_detail::image_of(shape, shape.out));
}

void pool(Isa isa, const PoolingShape& shape, const float* in, float* workspace, float* out) {
  if (shape.is_blocked) return isa_kernels(isa)->pool(shape, in, out);
  const ImageShape in_image = pooling_detail::image_of(shape, shape.in);
  float* blocked_out = workspace + blocked_floats(isa, in_image);
  to_blocked(isa, in_image, in, workspace);
  isa_kernels(isa)->pool(shape, workspace, blocked_out);
  to_plain(isa, pooling_detail::image_of(shape, shape.out), blocked_out, out);
}

}  // namespace predictor
