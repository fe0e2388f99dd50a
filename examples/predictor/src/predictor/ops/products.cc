// Products of two tensors: dot, batch_dot.
#include "predictor/base/error.h"
#include "predictor/kernels/gemm.h"
#include "predictor/ops/float_op.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace products_detail {

// Over the last axis of the first and the first axis of the second tensor (dot), each of which
// `transpose` moves to the other end, or matrix by matrix over the last two axes (batch_dot).
class Product : public FloatOp {
 public:
  Product(Attributes& attributes, bool is_batch)
      : is_batch_(is_batch),
        transposes_a_(attributes.boolean("transpose_a", false)),
        transposes_b_(attributes.boolean("transpose_b", false)) {
    traits_.inputs = "lhs rhs";
    attributes.ignore({"forward_stype"});
    attributes.finish();
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& a = inputs[0];
    const Shape& b = inputs[1];
    if (!a.is_known() || !b.is_known()) return;
    check(a.rank() > 0 && b.rank() > 0 && (!is_batch_ || (a.rank() >= 3 && b.rank() == a.rank())),
          {"the shapes ", a, " and ", b, " cannot be multiplied"});
    const int first = is_batch_ ? a.rank() - 2 : 0;
    const int a_axis = transposes_a_ ? first : a.rank() - 1;
    const int b_axis = transposes_b_ ? b.rank() - 1 : first;
    bool fits = a[a_axis] == b[b_axis];
    Shape out = Shape::of_rank(0);
    for (int i = 0; i < a.rank(); ++i) {
      if (i < first) fits = fits && a[i] == b[i];
      if (i != a_axis) out.push(a[i]);
    }
    check(fits, {"the shapes ", a, " and ", b, " cannot be multiplied"});
    for (int i = first; i < b.rank(); ++i) {
      if (i != b_axis) out.push(b[i]);
    }
    if (out.rank() == 0) out.push(1);
    merge_shape(outputs[0], out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& a = request.inputs[0].shape;
    const Shape& b = request.inputs[1].shape;
    const int first = is_batch_ ? a.rank() - 2 : 0;
    const int64_t batch = a.product(0, first);
    const int64_t depth = a[transposes_a_ ? first : a.rank() - 1];
    GemmShape shape;
    shape.k = static_cast<int>(depth);
    shape.m = static_cast<int>(a.elements() / batch / depth);
    shape.n = static_cast<int>(b.elements() / batch / depth);
    shape.transpose_a = transposes_a_;
    shape.transpose_b = transposes_b_;
    shape.stride_a = transposes_a_ ? shape.m : shape.k;
    shape.stride_b = transposes_b_ ? shape.k : shape.n;
    shape.stride_c = shape.n;
    const Isa isa = request.isa;
    return function_kernel(
        [shape, isa, batch](const KernelRun& tensors) {
          const ptrdiff_t m = shape.m;
          const ptrdiff_t n = shape.n;
          for (ptrdiff_t i = 0; i < batch; ++i) {
            gemm(isa, shape, tensors.inputs[0].floats() + i * m * shape.k,
                 tensors.inputs[1].floats() + i * n * shape.k, tensors.workspace,
                 tensors.outputs[0].floats() + i * m * n);
          }
        },
        {gemm_workspace_floats(isa, shape), 0});
  }

 private:
  bool is_batch_;
  bool transposes_a_;
  bool transposes_b_;
};

}  // namespace products_detail

Unique<Op> parse_dot(Attributes& attributes, int) {
  return std::make_unique<products_detail::Product>(attributes, false);
}

Unique<Op> parse_batch_dot(Attributes& attributes, int) {
  return std::make_unique<products_detail::Product>(attributes, true);
}

}  // namespace predictor
