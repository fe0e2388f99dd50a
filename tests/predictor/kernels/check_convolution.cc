// Convolutions of all shapes against the formula, in double precision: every path of the kernels,
// with odd sizes, tails, strides, dilations, groups, padding, and each part of the epilogue.
#include "checker.h"
#include "predictor/kernels/convolution.h"
#include "predictor/kernels/layout.h"

using checker::Guarded;
using predictor::Activation;
using predictor::ConvolutionShape;
using predictor::Epilogue;
using predictor::ImageShape;

namespace {

// Of the largest sum: a clip makes results smaller, but not what they are off by.
double bar(const ConvolutionShape& shape) { return shape.is_filtered ? 3e-6 : 1.5e-6; }

int extent(const ConvolutionShape& s, int d) {
  return (s.in[d] + 2 * s.pad[d] - s.dilate[d] * (s.kernel[d] - 1) - 1) / s.stride[d] + 1;
}

// The sum of one window: input channels of group `g`, output `o`, at `y`.
double window(const ConvolutionShape& s, const float* weight, const float* in, int n, int o,
              const int y[3]) {
  const int channels = s.in_channels / s.groups;
  const int first = o / (s.out_channels / s.groups) * channels;
  double sum = 0;
  for (int c = 0; c < channels; ++c) {
    for (int a = 0; a < s.kernel[0]; ++a) {
      for (int b = 0; b < s.kernel[1]; ++b) {
        for (int e = 0; e < s.kernel[2]; ++e) {
          const float w = *weight++;
          const int z = y[0] * s.stride[0] - s.pad[0] + a * s.dilate[0];
          const int r = y[1] * s.stride[1] - s.pad[1] + b * s.dilate[1];
          const int x = y[2] * s.stride[2] - s.pad[2] + e * s.dilate[2];
          if (z < 0 || r < 0 || x < 0 || z >= s.in[0] || r >= s.in[1] || x >= s.in[2]) continue;
          sum +=
              double(w) *
              in[(((size_t(n) * s.in_channels + first + c) * s.in[0] + z) * s.in[1] + r) * s.in[2] +
                 x];
        }
      }
    }
  }
  return sum;
}

struct Reference {
  std::vector<double> values;
  double largest_sum = 0;  // before the activation
};

Reference reference(const ConvolutionShape& s, const float* weight, const float* in,
                    const Epilogue& epilogue) {
  const size_t taps = size_t(s.in_channels / s.groups) * s.kernel[0] * s.kernel[1] * s.kernel[2];
  Reference out;
  for (int n = 0; n < s.batch; ++n) {
    for (int o = 0; o < s.out_channels; ++o) {
      for (int z = 0; z < s.out[0]; ++z) {
        for (int y = 0; y < s.out[1]; ++y) {
          for (int x = 0; x < s.out[2]; ++x) {
            const int at[3] = {z, y, x};
            double sum = window(s, weight + o * taps, in, n, o, at);
            if (epilogue.bias != nullptr) sum += epilogue.bias[o];
            if (epilogue.residual != nullptr) sum += epilogue.residual[out.values.size()];
            out.largest_sum = std::fmax(out.largest_sum, std::fabs(sum));
            out.values.push_back(checker::activated(sum, epilogue));
          }
        }
      }
    }
  }
  return out;
}

enum class Extras { kNothing, kBias, kBiasRelu, kBiasResidualClip, kResidualInPlace };

// The same from a blocked image to a blocked image.
void check_blocked(predictor::Isa isa, checker::Checker& checker, ConvolutionShape s,
                   const float* packed, const std::vector<float>& in,
                   const std::vector<float>& residual, Epilogue epilogue, const Reference& expected,
                   const char* plain_what) {
  const ImageShape in_image = {s.batch, s.in_channels, ptrdiff_t(s.in[0]) * s.in[1] * s.in[2]};
  const ImageShape out_image = {s.batch, s.out_channels, ptrdiff_t(s.out[0]) * s.out[1] * s.out[2]};
  s.is_in_blocked = s.is_out_blocked = true;
  Guarded blocked_in(predictor::blocked_floats(isa, in_image));
  Guarded blocked_out(predictor::blocked_floats(isa, out_image));
  Guarded workspace(predictor::convolution_workspace_floats(isa, s));
  Guarded out(expected.values.size());
  predictor::to_blocked(isa, in_image, in.data(), blocked_in.data());
  if (epilogue.residual != nullptr) {
    predictor::to_blocked(isa, out_image, residual.data(), blocked_out.data());
    epilogue.residual = blocked_out.data();
  }
  predictor::convolution_run(isa, s, packed, blocked_in.data(), epilogue, workspace.data(),
                             blocked_out.data());
  predictor::to_plain(isa, out_image, blocked_out.data(), out.data());
  char what[300];
  std::snprintf(what, sizeof what, "blocked %s", plain_what);
  checker.expect_close(out, expected.values, bar(s), expected.largest_sum, what);
  checker.expect(blocked_in.is_intact() && blocked_out.is_intact() && workspace.is_intact(), what);
}

void check_one_way(predictor::Isa isa, checker::Checker& checker, ConvolutionShape s,
                   Extras extras) {
  for (int d = 0; d < 3; ++d) s.out[d] = extent(s, d);
  size_t in_count = size_t(s.batch) * s.in_channels, out_count = size_t(s.batch) * s.out_channels;
  size_t weight_count = size_t(s.out_channels) * (s.in_channels / s.groups);
  for (int d = 0; d < 3; ++d)
    in_count *= s.in[d], out_count *= s.out[d], weight_count *= s.kernel[d];
  checker::Random random(unsigned(in_count + 31 * out_count));
  // exactly sized, so that a sanitizer sees every read beyond the end
  const std::vector<float> in = random.floats(in_count), weight = random.floats(weight_count);
  const std::vector<float> bias = random.floats(s.out_channels),
                           residual = random.floats(out_count);
  Guarded packed(predictor::convolution_packed_floats(isa, s));
  Guarded workspace(predictor::convolution_workspace_floats(isa, s));
  Guarded out = extras == Extras::kResidualInPlace ? Guarded(residual) : Guarded(out_count);
  Epilogue epilogue;
  if (extras != Extras::kNothing && extras != Extras::kResidualInPlace) epilogue.bias = bias.data();
  if (extras == Extras::kBiasRelu) epilogue.activation = Activation::kRelu;
  if (extras == Extras::kBiasResidualClip) {
    epilogue.activation = Activation::kClip;
    epilogue.low = -0.5f;
    epilogue.high = 2.0f;
    epilogue.residual = residual.data();
  }
  if (extras == Extras::kResidualInPlace) epilogue.residual = residual.data();
  const Reference expected = reference(s, weight.data(), in.data(), epilogue);
  if (extras == Extras::kResidualInPlace) epilogue.residual = out.data();
  predictor::convolution_pack(isa, s, weight.data(), packed.data());
  predictor::convolution_run(isa, s, packed.data(), in.data(), epilogue, workspace.data(),
                             out.data());
  char what[256];
  std::snprintf(
      what, sizeof what,
      "n%d %d->%d%s g%d in %dx%dx%d k %dx%dx%d s %d,%d,%d d %d,%d,%d p %d,%d,%d extras %d", s.batch,
      s.in_channels, s.out_channels, s.is_filtered ? " filtered" : "", s.groups, s.in[0], s.in[1],
      s.in[2], s.kernel[0], s.kernel[1], s.kernel[2], s.stride[0], s.stride[1], s.stride[2],
      s.dilate[0], s.dilate[1], s.dilate[2], s.pad[0], s.pad[1], s.pad[2], int(extras));
  checker.expect_close(out, expected.values, bar(s), expected.largest_sum, what);
  checker.expect(packed.is_intact() && workspace.is_intact(), what);
  check_blocked(isa, checker, s, packed.data(), in, residual, epilogue, expected, what);
}

void check(predictor::Isa isa, checker::Checker& checker, ConvolutionShape s, Extras extras) {
  check_one_way(isa, checker, s, extras);
  if (!predictor::convolution_is_filterable(isa, s)) return;
  s.is_filtered = true;
  check_one_way(isa, checker, s, extras);
}

// channels, groups, size, kernel, stride, dilation and padding of a 2-D convolution.
ConvolutionShape flat(int in, int out, int groups, int height, int width, int kernel, int stride,
                      int dilate, int pad) {
  ConvolutionShape s;
  s.in_channels = in;
  s.out_channels = out;
  s.groups = groups;
  s.in[1] = height;
  s.in[2] = width;
  for (int d = 1; d < 3; ++d)
    s.kernel[d] = kernel, s.stride[d] = stride, s.dilate[d] = dilate, s.pad[d] = pad;
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  const Extras all[] = {Extras::kNothing, Extras::kBias, Extras::kBiasRelu,
                        Extras::kBiasResidualClip, Extras::kResidualInPlace};
  for (Extras extras : all) {
    check(isa, checker, flat(5, 9, 1, 7, 7, 1, 1, 1, 0), extras);
    check(isa, checker, flat(3, 10, 1, 13, 11, 3, 1, 1, 1), extras);
    check(isa, checker, flat(70, 17, 1, 14, 14, 3, 1, 1, 1),
          extras);  // more than one block of channels
    check(isa, checker, flat(12, 12, 12, 15, 17, 3, 2, 1, 1), extras);
  }
  // pointwise: sizes around the widths of the tiles; many channels
  for (int width : {1, 2, 15, 16, 17, 31, 47, 48, 49, 193, 200})
    check(isa, checker, flat(7, 11, 1, 1, width, 1, 1, 1, 0), Extras::kBias);
  check(isa, checker, flat(600, 33, 1, 7, 7, 1, 1, 1, 0), Extras::kBiasRelu);
  check(isa, checker, flat(16, 24, 1, 20, 21, 1, 2, 1, 0), Extras::kBias);
  check(isa, checker, flat(4, 5, 1, 6, 6, 1, 1, 1, 2),
        Extras::kBias);  // padded, so not read in place
  // stems
  check(isa, checker, flat(3, 16, 1, 50, 61, 7, 2, 1, 3), Extras::kBiasRelu);
  check(isa, checker, flat(3, 32, 1, 33, 34, 3, 2, 1, 0), Extras::kBias);
  check(isa, checker, flat(3, 12, 1, 63, 63, 11, 4, 1, 2), Extras::kBias);
  // plain images of few channels; channels and outputs that end inside a block; one panel of one
  // vector; long rows and images of more than one band
  check(isa, checker, flat(1, 70, 1, 9, 31, 3, 1, 1, 1), Extras::kBias);
  check(isa, checker, flat(37, 50, 1, 13, 13, 3, 1, 1, 1), Extras::kBiasResidualClip);
  check(isa, checker, flat(20, 3, 1, 6, 29, 5, 1, 1, 2), Extras::kBiasRelu);
  check(isa, checker, flat(130, 18, 1, 60, 61, 1, 1, 1, 0), Extras::kBiasResidualClip);
  check(isa, checker, flat(66, 5, 1, 75, 40, 3, 1, 1, 1), Extras::kBias);
  check(isa, checker, flat(66, 5, 1, 75, 40, 3, 1, 1, 0), Extras::kBias);
  // widths that end inside a vector, rows that are longer than a block of windows
  for (int width : {5, 8, 28, 63, 224, 450})
    check(isa, checker, flat(6, 10, 1, 4, width, 3, 1, 1, 1), Extras::kBiasRelu);
  for (int width : {9, 28, 65, 450})
    check(isa, checker, flat(6, 10, 1, 9, width, 5, 2, 1, 2), Extras::kBias);
  // dilation, stride 3, kernels larger than the image, padding larger than the kernel
  check(isa, checker, flat(8, 9, 1, 19, 23, 3, 1, 2, 2), Extras::kBias);
  check(isa, checker, flat(8, 9, 1, 19, 23, 3, 2, 3, 3), Extras::kBias);
  check(isa, checker, flat(4, 5, 1, 20, 22, 4, 3, 2, 1), Extras::kBias);
  check(isa, checker, flat(4, 5, 1, 3, 4, 5, 1, 1, 4), Extras::kBias);
  check(isa, checker, flat(2, 3, 1, 40, 41, 20, 1, 1, 0),
        Extras::kBias);  // one channel is more than a block
  // minimal filtering: extents around those of its tiles, channels that end inside a block, any
  // padding, more tiles than are at work at once
  for (Extras extras : all) check(isa, checker, flat(33, 47, 1, 9, 10, 3, 1, 1, 1), extras);
  for (int width : {1, 2, 3, 4, 5, 8, 17})
    check(isa, checker, flat(32, 32, 1, 6, width, 3, 1, 1, 1), Extras::kBiasRelu);
  for (int pad : {0, 2, 3})
    check(isa, checker, flat(35, 50, 1, 7, 11, 3, 1, 1, pad), Extras::kBiasResidualClip);
  check(isa, checker, flat(40, 70, 1, 3, 3, 3, 1, 1, 0), Extras::kBias);
  check(isa, checker, flat(120, 40, 1, 45, 46, 3, 1, 1, 1), Extras::kResidualInPlace);
  ConvolutionShape slices = flat(34, 36, 1, 5, 6, 3, 1, 1, 1);
  slices.batch = 2, slices.in[0] = slices.out[0] = 3, slices.kernel[0] = 1, slices.pad[0] = 0;
  check(isa, checker, slices, Extras::kBiasResidualClip);
  // groups
  check(isa, checker, flat(32, 64, 8, 14, 14, 3, 1, 1, 1), Extras::kBiasResidualClip);
  check(isa, checker, flat(12, 18, 3, 9, 10, 1, 1, 1, 0), Extras::kBiasRelu);
  check(isa, checker, flat(40, 40, 10, 8, 9, 3, 1, 1, 1), Extras::kResidualInPlace);
  check(isa, checker, flat(96, 192, 2, 7, 6, 3, 1, 1, 1), Extras::kBias);
  check(isa, checker, flat(6, 6, 2, 20, 20, 3, 1, 1, 1), Extras::kBias);
  // depthwise: tall, wide, strided, dilated, several outputs per input
  for (int stride : {1, 2, 3}) {
    for (int kernel : {1, 3, 5}) {
      check(isa, checker, flat(6, 6, 6, 30, 37, kernel, stride, 1, kernel / 2),
            Extras::kBiasResidualClip);
      check(isa, checker, flat(4, 12, 4, 7, 7, kernel, stride, 1, kernel / 2), Extras::kBias);
    }
  }
  check(isa, checker, flat(3, 3, 3, 120, 130, 3, 1, 1, 1), Extras::kBiasRelu);
  check(isa, checker, flat(3, 3, 3, 5, 2500, 3, 2, 2, 1), Extras::kBias);
  // several images; 1-D and 3-D
  ConvolutionShape batch = flat(5, 6, 1, 10, 9, 3, 1, 1, 1);
  batch.batch = 3;
  check(isa, checker, batch, Extras::kBiasResidualClip);
  ConvolutionShape line = flat(5, 6, 1, 1, 700, 1, 1, 1, 0);
  line.kernel[2] = 9, line.stride[2] = 2, line.dilate[2] = 3, line.pad[2] = 4;
  check(isa, checker, line, Extras::kBias);
  ConvolutionShape solid = flat(3, 10, 1, 8, 9, 3, 2, 1, 1);
  solid.in[0] = 6, solid.kernel[0] = 3, solid.pad[0] = 1, solid.dilate[0] = 2;
  check(isa, checker, solid, Extras::kBiasRelu);
  solid.in_channels = solid.out_channels = solid.groups = 4;
  check(isa, checker, solid, Extras::kBiasRelu);
  ConvolutionShape uneven = flat(3, 4, 1, 12, 15, 1, 1, 1, 0);
  uneven.kernel[1] = 3, uneven.pad[2] = 2, uneven.stride[1] = 2, uneven.kernel[2] = 2;
  check(isa, checker, uneven, Extras::kNothing);
  return checker.finish();
}
