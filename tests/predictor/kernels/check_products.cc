// Matrix products against the formula, in double precision: general and fully connected, sizes
// around those of the tiles.
#include "checker.h"
#include "predictor/kernels/fully_connected.h"
#include "predictor/kernels/gemm.h"

using checker::Guarded;

namespace {

constexpr double kBar = 1e-5;

void check_gemm(predictor::Isa isa, checker::Checker& checker, predictor::GemmShape s) {
  const int a_rows = s.transpose_a ? s.k : s.m, a_width = s.transpose_a ? s.m : s.k;
  const int b_rows = s.transpose_b ? s.n : s.k, b_width = s.transpose_b ? s.k : s.n;
  s.stride_a = a_width + 3;
  s.stride_b = b_width;
  s.stride_c = s.n + 5;
  checker::Random random(unsigned(s.m + 100 * s.n));
  // the last row has no gap after it
  const std::vector<float> a = random.floats((a_rows - 1) * s.stride_a + a_width);
  const std::vector<float> b = random.floats((b_rows - 1) * s.stride_b + b_width);
  const std::vector<float> before = random.floats((s.m - 1) * s.stride_c + s.n);
  Guarded c(before), workspace(predictor::gemm_workspace_floats(isa, s));
  std::vector<double> expected(before.begin(), before.end());
  for (int m = 0; m < s.m; ++m) {
    for (int n = 0; n < s.n; ++n) {
      double& sum = expected[m * s.stride_c + n];
      if (!s.accumulate) sum = 0;
      for (int k = 0; k < s.k; ++k) {
        sum += double(a[s.transpose_a ? k * s.stride_a + m : m * s.stride_a + k]) *
               b[s.transpose_b ? n * s.stride_b + k : k * s.stride_b + n];
      }
    }
  }
  predictor::gemm(isa, s, a.data(), b.data(), workspace.data(), c.data());
  char what[128];
  std::snprintf(what, sizeof what, "gemm %dx%dx%d transposed %d %d accumulate %d", s.m, s.n, s.k,
                s.transpose_a, s.transpose_b, s.accumulate);
  checker.expect_close(c, expected, kBar, what);
  checker.expect(workspace.is_intact(), what);
}

void check_fully_connected(predictor::Isa isa, checker::Checker& checker, int batch, int inputs,
                           int outputs, bool has_epilogue) {
  predictor::FullyConnectedShape s;
  s.batch = batch, s.inputs = inputs, s.outputs = outputs;
  checker::Random random(unsigned(batch + 10 * inputs));
  const std::vector<float> in = random.floats(size_t(batch) * inputs),
                           weight = random.floats(size_t(inputs) * outputs);
  const std::vector<float> bias = random.floats(outputs),
                           residual = random.floats(size_t(batch) * outputs);
  predictor::Epilogue epilogue;
  if (has_epilogue) {
    epilogue.bias = bias.data();
    epilogue.residual = residual.data();
    epilogue.activation = predictor::Activation::kRelu;
  }
  std::vector<double> expected;
  for (int n = 0; n < batch; ++n) {
    for (int o = 0; o < outputs; ++o) {
      double sum = has_epilogue ? double(bias[o]) + residual[n * outputs + o] : 0;
      for (int k = 0; k < inputs; ++k)
        sum += double(in[n * inputs + k]) * weight[size_t(o) * inputs + k];
      expected.push_back(checker::activated(sum, epilogue));
    }
  }
  Guarded packed(predictor::fully_connected_packed_floats(isa, s));
  Guarded workspace(predictor::fully_connected_workspace_floats(isa, s)), out(expected.size());
  predictor::fully_connected_pack(isa, s, weight.data(), packed.data());
  predictor::fully_connected_run(isa, s, packed.data(), in.data(), epilogue, workspace.data(),
                                 out.data());
  char what[128];
  std::snprintf(what, sizeof what, "fully connected %d: %d -> %d epilogue %d", batch, inputs,
                outputs, has_epilogue);
  checker.expect_close(out, expected, kBar, what);
  checker.expect(packed.is_intact() && workspace.is_intact(), what);
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  for (int m : {1, 4, 7, 8, 17}) {
    for (int n : {1, 12, 49, 200}) {
      for (int k : {1, 30, 300}) {
        for (int flags = 0; flags < 8; ++flags) {
          predictor::GemmShape s;
          s.m = m, s.n = n, s.k = k;
          s.transpose_a = (flags & 1) != 0, s.transpose_b = (flags & 2) != 0,
          s.accumulate = (flags & 4) != 0;
          check_gemm(isa, checker, s);
        }
      }
    }
  }
  for (int batch : {1, 2, 4, 8, 11, 17}) {
    for (int outputs : {1, 10, 48, 100}) {
      check_fully_connected(isa, checker, batch, 37, outputs, true);
      check_fully_connected(isa, checker, batch, 700, outputs, false);
    }
  }
  return checker.finish();
}
