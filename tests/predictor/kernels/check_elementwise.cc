// Elementwise functions, normalisations and softmax against their definitions, and what they do
// with NaN.
#include "checker.h"
#include "predictor/kernels/elementwise.h"
#include "predictor/kernels/normalization.h"
#include "predictor/kernels/softmax.h"

using checker::Guarded;
using predictor::Activation;
using predictor::BinaryKind;
using predictor::Epilogue;
using predictor::Isa;
using predictor::UnaryKind;

namespace {

constexpr double kBar = 2e-6;

// Lengths around those of all vectors.
constexpr int kLengths[] = {1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 100};

double unary_value(UnaryKind kind, double x) {
  switch (kind) {
    case UnaryKind::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case UnaryKind::kTanh:
      return std::tanh(x);
    case UnaryKind::kSoftRelu:
      return std::log1p(std::exp(x));
    case UnaryKind::kSoftSign:
      return x / (1 + std::fabs(x));
    case UnaryKind::kExp:
      return std::exp(x);
    case UnaryKind::kLog:
      return std::log(x);
    case UnaryKind::kSquareRoot:
      return std::sqrt(x);
    case UnaryKind::kSquare:
      return x * x;
    case UnaryKind::kAbsolute:
      return std::fabs(x);
    case UnaryKind::kNegative:
      return -x;
    case UnaryKind::kGelu:
      return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
    case UnaryKind::kSelu:
      return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x));
  }
  return NAN;
}

double binary_value(BinaryKind kind, double a, double b) {
  switch (kind) {
    case BinaryKind::kAdd:
      return a + b;
    case BinaryKind::kSubtract:
      return a - b;
    case BinaryKind::kMultiply:
      return a * b;
    case BinaryKind::kDivide:
      return a / b;
    case BinaryKind::kMaximum:
      return a > b ? a : b;
    case BinaryKind::kMinimum:
      return a < b ? a : b;
    case BinaryKind::kPower:
      return std::pow(a, b);
  }
  return NAN;
}

void check_functions(Isa isa, checker::Checker& checker) {
  checker::Random random(1);
  for (int kind = 0; kind <= int(UnaryKind::kSelu); ++kind) {
    const UnaryKind unary_kind = UnaryKind(kind);
    const bool needs_positive =
        unary_kind == UnaryKind::kLog || unary_kind == UnaryKind::kSquareRoot;
    std::vector<float> in = random.floats(50);
    std::vector<double> expected;
    for (float& x : in) {
      x = needs_positive ? std::fabs(x) + 0.1f : 25 * x;
      expected.push_back(unary_value(unary_kind, x));
    }
    Guarded out(in);
    predictor::unary(isa, unary_kind, in.size(), out.data(), out.data());
    checker.expect_close(out, expected, kBar, "unary");
  }
  for (int count : kLengths) {
    const std::vector<float> a = random.floats(count);
    std::vector<float> b = random.floats(count);
    for (int i = 0; i < count; ++i) b[i] += 1.5f;
    for (int kind = 0; kind <= int(BinaryKind::kPower); ++kind) {
      for (int steps = 0; steps < 4; ++steps) {
        // of the power, the base has to be positive
        const std::vector<float>& left = BinaryKind(kind) == BinaryKind::kPower ? b : a;
        Epilogue epilogue;
        if (steps == 3) epilogue.activation = Activation::kRelu;
        std::vector<double> expected;
        for (int i = 0; i < count; ++i) {
          const double value =
              binary_value(BinaryKind(kind), left[(steps & 1) * i], b[(steps >> 1) * i]);
          expected.push_back(checker::activated(value, epilogue));
        }
        Guarded out(count);
        predictor::binary(isa, BinaryKind(kind), count, left.data(), steps & 1, b.data(),
                          steps >> 1, epilogue, out.data());
        char what[80];
        std::snprintf(what, sizeof what, "binary kind %d steps %d length %d", kind, steps, count);
        bool is_zero = true;
        for (double value : expected) is_zero = is_zero && value == 0;
        if (!is_zero) checker.expect_close(out, expected, kBar, what);
      }
    }
  }
}

void check_channels(Isa isa, checker::Checker& checker) {
  for (int inner : kLengths) {
    const int outer = 2, channels = 3;
    checker::Random random{unsigned(inner)};
    const std::vector<float> in = random.floats(outer * channels * inner),
                             residual = random.floats(in.size());
    const std::vector<float> scale = random.floats(channels), bias = random.floats(channels);
    Epilogue epilogue;
    epilogue.bias = bias.data();
    epilogue.residual = residual.data();
    epilogue.activation = Activation::kClip;
    epilogue.low = -0.25f;
    epilogue.high = 1.0f;
    std::vector<double> scaled, sloped, bent;
    for (size_t i = 0; i < in.size(); ++i) {
      const int c = int(i) / inner % channels;
      scaled.push_back(
          checker::activated(double(in[i]) * scale[c] + bias[c] + residual[i], epilogue));
      sloped.push_back(in[i] > 0 ? in[i] : double(scale[c]) * in[i]);
      bent.push_back(in[i] > 0 ? in[i] : 0.3 * std::expm1(double(in[i])));
    }
    Guarded out(in), leaky(in), elu(in);
    predictor::scale_channels(isa, outer, channels, inner, scale.data(), out.data(), epilogue,
                              out.data());
    checker.expect_close(out, scaled, kBar, "scale_channels");
    predictor::leaky_relu(isa, outer, channels, inner, scale.data(), leaky.data(), leaky.data());
    checker.expect_close(leaky, sloped, kBar, "leaky_relu");
    predictor::exponential_linear(isa, 0.3f, in.size(), elu.data(), elu.data());
    checker.expect_close(elu, bent, kBar, "exponential_linear");
  }
}

void check_lrn(Isa isa, checker::Checker& checker) {
  for (float beta : {0.75f, 0.6f}) {
    for (int inner : {1, 5, 16, 39}) {
      predictor::LrnShape s;
      s.outer = 2, s.channels = 7, s.inner = inner, s.window = 5, s.alpha = 0.9f, s.beta = beta,
      s.knorm = 1.5f;
      checker::Random random{unsigned(inner)};
      const std::vector<float> in = random.floats(s.outer * s.channels * inner);
      std::vector<double> expected;
      for (int i = 0; i < int(in.size()); ++i) {
        const int c = i / inner % s.channels;
        double sum = 0;
        for (int d = -2; d <= 2; ++d) {
          if (c + d >= 0 && c + d < s.channels)
            sum += double(in[i + d * inner]) * in[i + d * inner];
        }
        expected.push_back(in[i] *
                           std::pow(s.knorm + double(s.alpha) / s.window * sum, -double(beta)));
      }
      Guarded out(in.size());
      predictor::local_response_normalize(isa, s, in.data(), out.data());
      checker.expect_close(out, expected, kBar, "local_response_normalize");
    }
  }
}

void check_softmax(Isa isa, checker::Checker& checker) {
  for (float temperature : {1.0f, 2.5f, -2.0f}) {
    for (bool logarithm : {false, true}) {
      predictor::SoftmaxShape s;
      s.outer = 2, s.axis = 9, s.inner = 3, s.temperature = temperature, s.logarithm = logarithm;
      checker::Random random(5);
      std::vector<float> in = random.floats(s.outer * s.axis * s.inner);
      for (float& x : in) x *= 300;  // exp() of these overflows
      std::vector<double> expected(in.size());
      for (int o = 0; o < s.outer; ++o) {
        for (int i = 0; i < s.inner; ++i) {
          const size_t first = size_t(o) * s.axis * s.inner + i;
          long double sum = 0;
          for (int a = 0; a < s.axis; ++a)
            sum += std::exp((long double)(in[first + a * s.inner]) / temperature);
          for (int a = 0; a < s.axis; ++a) {
            const size_t at = first + a * s.inner;
            const long double log_value = (long double)(in[at]) / temperature - std::log(sum);
            expected[at] = double(logarithm ? log_value : std::exp(log_value));
          }
        }
      }
      Guarded out(in);
      predictor::softmax(isa, s, out.data(), out.data());
      checker.expect_close(out, expected, 1e-5, "softmax");
    }
  }
}

void check_nan(Isa isa, checker::Checker& checker) {
  const std::vector<float> in(33, NAN);
  for (Activation activation : {Activation::kNone, Activation::kRelu, Activation::kClip}) {
    Epilogue epilogue;
    epilogue.activation = activation;
    epilogue.high = 6;
    Guarded out(in.size());
    for (size_t i = 0; i < in.size(); ++i) out.data()[i] = 0;
    predictor::activate(isa, in.size(), in.data(), epilogue, out.data());
    bool is_nan = true;
    for (size_t i = 0; i < in.size(); ++i) is_nan = is_nan && std::isnan(out.data()[i]);
    checker.expect(is_nan, "an activation lost NaN");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  check_functions(isa, checker);
  check_channels(isa, checker);
  check_lrn(isa, checker);
  check_softmax(isa, checker);
  check_nan(isa, checker);
  return checker.finish();
}
