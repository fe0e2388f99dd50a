// Deconvolutions against the formula, in double precision.
#include "checker.h"
#include "predictor/kernels/deconvolution.h"

using checker::Guarded;
using predictor::DeconvolutionShape;

namespace {

constexpr double kBar = 1e-5;

std::vector<double> reference(const DeconvolutionShape& s, const float* weight, const float* in,
                              const predictor::Epilogue& e) {
  const int inputs = s.in_channels / s.groups, outputs = s.out_channels / s.groups;
  const size_t plane = size_t(s.out[0]) * s.out[1] * s.out[2];
  std::vector<double> out(size_t(s.batch) * s.out_channels * plane);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = e.bias[i / plane % s.out_channels] + double(e.residual[i]);
  for (int n = 0; n < s.batch; ++n) {
    for (int c = 0; c < s.in_channels; ++c) {
      for (int z = 0; z < s.in[0]; ++z) {
        for (int y = 0; y < s.in[1]; ++y) {
          for (int x = 0; x < s.in[2]; ++x, ++in) {
            const float* w = weight + size_t(c) * outputs * s.kernel[0] * s.kernel[1] * s.kernel[2];
            for (int o = 0; o < outputs; ++o) {
              for (int a = 0; a < s.kernel[0]; ++a) {
                for (int b = 0; b < s.kernel[1]; ++b) {
                  for (int d = 0; d < s.kernel[2]; ++d, ++w) {
                    const int oz = z * s.stride[0] - s.pad[0] + a * s.dilate[0];
                    const int oy = y * s.stride[1] - s.pad[1] + b * s.dilate[1];
                    const int ox = x * s.stride[2] - s.pad[2] + d * s.dilate[2];
                    if (oz < 0 || oy < 0 || ox < 0 || oz >= s.out[0] || oy >= s.out[1] ||
                        ox >= s.out[2])
                      continue;
                    const size_t channel = size_t(n) * s.out_channels + c / inputs * outputs + o;
                    out[channel * plane + (size_t(oz) * s.out[1] + oy) * s.out[2] + ox] +=
                        double(*in) * *w;
                  }
                }
              }
            }
          }
        }
      }
    }
  }
  for (double& value : out) value = checker::activated(value, e);
  return out;
}

void check(predictor::Isa isa, checker::Checker& checker, DeconvolutionShape s, int adjust) {
  size_t in_count = size_t(s.batch) * s.in_channels, out_count = size_t(s.batch) * s.out_channels;
  size_t weight_count = size_t(s.in_channels) * (s.out_channels / s.groups);
  for (int d = 0; d < 3; ++d) {
    s.out[d] = s.stride[d] * (s.in[d] - 1) + s.dilate[d] * (s.kernel[d] - 1) + 1 - 2 * s.pad[d] +
               (d == 0 ? 0 : adjust);
    in_count *= s.in[d], out_count *= s.out[d], weight_count *= s.kernel[d];
  }
  checker::Random random(unsigned(in_count + out_count));
  const std::vector<float> in = random.floats(in_count), weight = random.floats(weight_count);
  const std::vector<float> bias = random.floats(s.out_channels),
                           residual = random.floats(out_count);
  predictor::Epilogue epilogue;
  epilogue.bias = bias.data();
  epilogue.residual = residual.data();
  epilogue.activation = predictor::Activation::kRelu;
  const std::vector<double> expected = reference(s, weight.data(), in.data(), epilogue);
  Guarded packed(predictor::deconvolution_packed_floats(isa, s));
  Guarded workspace(predictor::deconvolution_workspace_floats(isa, s)), out(residual);
  epilogue.residual = out.data();
  predictor::deconvolution_pack(isa, s, weight.data(), packed.data());
  predictor::deconvolution_run(isa, s, packed.data(), in.data(), epilogue, workspace.data(),
                               out.data());
  char what[128];
  std::snprintf(what, sizeof what, "n%d %d->%d g%d in %dx%dx%d k %d s %d p %d", s.batch,
                s.in_channels, s.out_channels, s.groups, s.in[0], s.in[1], s.in[2], s.kernel[2],
                s.stride[2], s.pad[2]);
  checker.expect_close(out, expected, kBar, what);
  checker.expect(packed.is_intact() && workspace.is_intact(), what);
}

DeconvolutionShape flat(int batch, int in, int out, int groups, int height, int width, int kernel,
                        int stride, int dilate, int pad) {
  DeconvolutionShape s;
  s.batch = batch, s.in_channels = in, s.out_channels = out, s.groups = groups;
  s.in[1] = height, s.in[2] = width;
  for (int d = 1; d < 3; ++d)
    s.kernel[d] = kernel, s.stride[d] = stride, s.dilate[d] = dilate, s.pad[d] = pad;
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  check(isa, checker, flat(1, 3, 5, 1, 7, 9, 4, 2, 1, 1), 0);
  check(isa, checker, flat(2, 8, 6, 2, 15, 20, 3, 1, 1, 0), 0);  // more than one block of the image
  check(isa, checker, flat(1, 6, 6, 6, 8, 8, 4, 2, 1, 1),
        0);  // depthwise, as bilinear upsampling is
  check(isa, checker, flat(1, 4, 3, 1, 5, 6, 3, 3, 2, 2), 2);
  DeconvolutionShape solid = flat(1, 2, 3, 1, 4, 5, 2, 2, 1, 0);
  solid.in[0] = 3, solid.kernel[0] = 2, solid.stride[0] = 2;
  check(isa, checker, solid, 1);
  return checker.finish();
}
