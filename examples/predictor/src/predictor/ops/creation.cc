// Operators that make a tensor out of nothing, or of another's shape.
#include <cmath>

#include "predictor/base/error.h"
#include "predictor/ops/forms.h"
#include "predictor/ops/operators.h"

namespace PREDICTOR_HIDDEN predictor {
namespace creation_detail {

// out[i] = start + i / repeat * step.
struct Progression {
  double start = 0;
  double step = 0;
  int64_t repeat = 1;
};

static Unique<Kernel> progression_kernel(const KernelRequest& request,
                                         const Progression& progression) {
  const int64_t count = request.outputs[0].shape.elements();
  return function_kernel([count, progression](const KernelRun& tensors) {
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < count; ++i) {
      const double index = static_cast<double>(i / progression.repeat);
      out[i] = static_cast<float>(progression.start + index * progression.step);
    }
  });
}

class Creation : public Op {
 public:
  // shape: of which some or all may be unknown, and come from whatever reads the output.
  Creation(const Shape& shape, const Progression& progression, int type)
      : shape_(shape), progression_(progression) {
    traits_.type = type;
    traits_.inputs = "";
    traits_.least_inputs = 0;
    traits_.most_inputs = 0;
  }
  void infer_shapes(Span<Shape>, Span<Shape> outputs) const override {
    merge_shape(outputs[0], shape_, "the output");
  }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return progression_kernel(request, progression_);
  }

 private:
  Shape shape_;
  Progression progression_;
};

class ConstantLike : public ElementwiseOp {
 public:
  explicit ConstantLike(double value) { progression_.start = value; }

 protected:
  Unique<Kernel> make_float_kernel(const KernelRequest& request) const override {
    return progression_kernel(request, progression_);
  }

 private:
  Progression progression_;
};

}  // namespace creation_detail

Unique<Op> parse_constant(Attributes& attributes, int variant) {
  creation_detail::Progression progression;
  static constexpr int kAttributeValue = -1;
  static constexpr int kWithoutType = -2;
  progression.start = variant == kWithoutType      ? 0
                      : variant == kAttributeValue ? attributes.real("value")
                                                   : variant;
  Shape shape;
  for (const int64_t extent : attributes.tuple("shape")) {
    check(extent >= 0, {"attribute 'shape' holds ", extent});
    shape.push(extent == 0 ? Shape::kUnknown : extent);
  }
  int type = OpTraits::kSameType;
  if (variant == kWithoutType) {
    attributes.ignore({"dtype"});  // a code
  } else {
    type = parse_dtype(attributes, type);
  }
  attributes.ignore({"ctx"});
  attributes.finish();
  return std::make_unique<creation_detail::Creation>(shape, progression, type);
}

Unique<Op> parse_constant_like(Attributes& attributes, int variant) {
  attributes.finish();
  return std::make_unique<creation_detail::ConstantLike>(variant);
}

Unique<Op> parse_arange(Attributes& attributes, int) {
  creation_detail::Progression progression;
  progression.start = attributes.real("start");
  double stop = attributes.real("stop", 0);
  const bool has_stop = attributes.is_given("stop");
  progression.step = attributes.real("step", 1);
  progression.repeat = attributes.integer("repeat", 1);
  const bool is_open = attributes.boolean("infer_range", false);
  const int type = parse_dtype(attributes, OpTraits::kSameType);
  attributes.ignore({"ctx"});
  attributes.finish();
  check(progression.step != 0 && progression.repeat > 0, {"step or repeat is zero"});
  Shape shape = Shape::of_rank(1);
  if (!is_open) {
    if (!has_stop) {
      stop = progression.start;
      progression.start = 0;
    }
    const double count = std::ceil((stop - progression.start) / progression.step);
    check(count > 0 && count <= static_cast<double>(Shape::kMaxElements),
          {"the range is empty or too long"});
    shape[0] = static_cast<int64_t>(count) * progression.repeat;
  }
  return std::make_unique<creation_detail::Creation>(shape, progression, type);
}

}  // namespace predictor
