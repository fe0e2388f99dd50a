// Sums, means, products and extremes over axes, norms and moments.
#include <cmath>
#include <limits>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/loops.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace reductions_detail {

// How one result is made of many elements: total = add(total, element), from `start` on.
struct Fold {
  double start;
  double (*add)(double total, double element);
  double (*finish)(double total, double count);
};

static double unchanged(double total, double) { return total; }
static double sum(double total, double x) { return total + x; }
static double product(double total, double x) { return total * x; }

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

// By Reduction.
static constexpr Fold kFolds[] = {
    {0, sum, unchanged},
    {0, sum, [](double total, double count) { return total / count; }},
    {-kInfinity, [](double total, double x) { return total >= x || std::isnan(total) ? total : x; },
     unchanged},
    {kInfinity, [](double total, double x) { return total <= x || std::isnan(total) ? total : x; },
     unchanged},
    {1, product, unchanged},
    {0, [](double total, double x) { return std::isnan(x) ? total : total + x; }, unchanged},
    {1, [](double total, double x) { return std::isnan(x) ? total : total * x; }, unchanged},
};

// By the order of a norm, from 1 on.
static constexpr Fold kNorms[] = {
    {0, [](double total, double x) { return total + std::fabs(x); }, unchanged},
    {0, [](double total, double x) { return total + x * x; },
     [](double total, double) { return std::sqrt(total); }},
};

class Reduce : public Op {
 public:
  // axes: the attribute that names them. is_complement: they are those to keep.
  Reduce(Attributes& attributes, const char* axes, const Fold& fold, bool is_complement)
      : fold_(fold),
        axes_(attributes.tuple(axes)),
        keeps_axes_(attributes.boolean("keepdims", false)),
        is_complement_(is_complement) {
    attributes.finish();
  }
  // Makes the variance a second output. REQUIRES: the fold is the mean.
  void add_variance() { traits_.outputs = 2; }

  void infer_shapes(Span<Shape> inputs, Span<Shape> outputs) const override {
    const Shape& data = inputs[0];
    if (!data.has_rank()) return;
    bool is_reduced[Shape::kMaxRank];
    find_reduced(data, is_reduced);
    Shape out = Shape::of_rank(0);
    for (int axis = 0; axis < data.rank(); ++axis) {
      if (!is_reduced[axis]) out.push(data[axis]);
      if (is_reduced[axis] && keeps_axes_) out.push(1);
    }
    if (out.rank() == 0) out.push(1);
    for (Shape& output : outputs) merge_shape(output, out, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    const Shape& data = request.inputs[0].shape;
    const Strides strides(data);
    bool is_reduced[Shape::kMaxRank];
    find_reduced(data, is_reduced);
    Loops kept;
    Loops reduced;
    double count = 1;
    for (int axis = 0; axis < data.rank(); ++axis) {
      (is_reduced[axis] ? reduced : kept).push(data[axis], strides[axis]);
      if (is_reduced[axis]) count *= static_cast<double>(data[axis]);
    }
    kept.simplify();
    reduced.simplify();
    return function_kernel([kept, reduced, fold = fold_, count](const KernelRun& tensors) {
      float* out = tensors.outputs[0].floats();
      float* variance = tensors.outputs.size() > 1 ? tensors.outputs[1].floats() : nullptr;
      for (Walk walk(kept); !walk.is_done(); walk.next()) {
        const float* in = tensors.inputs[0].floats() + walk.offset(0);
        for (int64_t i = 0; i < kept.inner_extent(); ++i, in += kept.inner_stride(0)) {
          const double result = fold.finish(total(reduced, fold, in), count);
          *out++ = static_cast<float>(result);
          if (variance == nullptr) continue;
          // the squares of float32 lose next to nothing in float64
          const double spread = total(reduced, kNorms[1], in) / count - result * result;
          *variance++ = static_cast<float>(spread < 0 ? 0 : spread);
        }
      }
    });
  }

 private:
  static double total(const Loops& loops, const Fold& fold, const float* in) {
    double total = fold.start;
    for (Walk walk(loops); !walk.is_done(); walk.next()) {
      const float* from = in + walk.offset(0);
      for (int64_t i = 0; i < loops.inner_extent(); ++i) {
        total = fold.add(total, static_cast<double>(from[i * loops.inner_stride(0)]));
      }
    }
    return total;
  }

  // No axes are all axes.
  void find_reduced(const Shape& data, bool* is_reduced) const {
    for (int axis = 0; axis < data.rank(); ++axis) is_reduced[axis] = axes_.empty();
    for (const int64_t given : axes_) {
      const int axis = checked_axis(given, data.rank());
      check(!is_reduced[axis], {"attribute 'axis' names axis ", axis, " twice"});
      is_reduced[axis] = true;
    }
    if (!is_complement_ || axes_.empty()) return;
    for (int axis = 0; axis < data.rank(); ++axis) is_reduced[axis] = !is_reduced[axis];
  }

  Fold fold_;
  Vector<int64_t> axes_;
  bool keeps_axes_;
  bool is_complement_;
};

}  // namespace reductions_detail

Unique<Op> parse_reduction(Attributes& attributes, int variant) {
  const bool is_complement = attributes.boolean("exclude", false);
  return std::make_unique<reductions_detail::Reduce>(
      attributes, "axis", reductions_detail::kFolds[variant], is_complement);
}

Unique<Op> parse_norm(Attributes& attributes, int) {
  const int64_t order = attributes.integer("ord", 2);
  check(order == 1 || order == 2, {"ord is ", order, ", but should be 1 or 2"});
  attributes.choice("out_dtype", {"None", "float32"}, 0);
  return std::make_unique<reductions_detail::Reduce>(attributes, "axis",
                                                     reductions_detail::kNorms[order - 1], false);
}

Unique<Op> parse_moments(Attributes& attributes, int) {
  auto op = std::make_unique<reductions_detail::Reduce>(
      attributes, "axes", reductions_detail::kFolds[static_cast<int>(Reduction::kMean)], false);
  op->add_variance();
  return op;
}

}  // namespace predictor
