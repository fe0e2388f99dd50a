// Products of two tensors: dot, batch_dot, _linalg_gemm, _linalg_gemm2, _linalg_syrk.
#include "predictor/base/error.h"
#include "predictor/kernels/gemm.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace products_detail {

// Over the last axis of the first and the first axis of the second tensor (dot), each of which
// `transpose` moves to the other end, or matrix by matrix over the last two axes (the others):
//   out = alpha * a * b + beta * c
class Product : public Op {
 public:
  Product(Attributes& attributes, ProductVariant variant)
      : is_batch_(variant != ProductVariant::kDot),
        least_rank_(variant == ProductVariant::kBatchDot ? 3
                    : is_batch_                          ? 2
                                                         : 1) {
    if (least_rank_ == 2) alpha_ = static_cast<float>(attributes.real("alpha", 1));
    if (variant == ProductVariant::kSyrk) {
      traits_.inputs = "A";
      transposes_a_ = attributes.boolean("transpose", false);
      transposes_b_ = !transposes_a_;
    } else {
      traits_.inputs = least_rank_ == 2 ? "A B" : "lhs rhs";
      transposes_a_ = attributes.boolean("transpose_a", false);
      transposes_b_ = attributes.boolean("transpose_b", false);
      attributes.ignore({"forward_stype"});
      if (least_rank_ == 2) check(attributes.integer("axis", -2) == -2, {"axis should be -2"});
    }
    if (variant == ProductVariant::kGemm) {
      traits_.inputs = "A B C";
      beta_ = static_cast<float>(attributes.real("beta", 1));
    }
    attributes.finish();
  }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& a = inputs[0];
    const Shape& b = inputs[inputs.size() > 1 ? 1 : 0];
    if (!a.is_known() || !b.is_known()) return;
    check(a.rank() >= least_rank_ && b.rank() > 0 && (!is_batch_ || b.rank() == a.rank()),
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
    if (inputs.size() > 2) merge_shape(inputs[2], out, "C");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& a = request.inputs[0].shape;
    const size_t second = request.inputs.size() > 1 ? 1 : 0;
    const Shape& b = request.inputs[second].shape;
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
        [shape, isa, batch, second, alpha = alpha_, beta = beta_](const KernelRun& tensors) {
          const ptrdiff_t m = shape.m;
          const ptrdiff_t n = shape.n;
          float* out = tensors.outputs[0].floats();
          for (ptrdiff_t i = 0; i < batch; ++i) {
            gemm(isa, shape, tensors.inputs[0].floats() + i * m * shape.k,
                 tensors.inputs[second].floats() + i * n * shape.k, tensors.workspace,
                 out + i * m * n);
          }
          const float* added = tensors.inputs.size() > 2 ? tensors.inputs[2].floats() : nullptr;
          if (added == nullptr && alpha == 1) return;
          for (ptrdiff_t i = 0; i < batch * m * n; ++i) {
            out[i] = alpha * out[i] + (added ? beta * added[i] : 0.0f);
          }
        },
        {gemm_workspace_floats(isa, shape), 0});
  }

 private:
  bool is_batch_;
  int least_rank_;
  bool transposes_a_;
  bool transposes_b_;
  float alpha_ = 1;
  float beta_ = 0;
};

}  // namespace products_detail

Unique<Op> parse_product(Attributes& attributes, int variant) {
  return std::make_unique<products_detail::Product>(attributes,
                                                    static_cast<ProductVariant>(variant));
}

}  // namespace predictor
