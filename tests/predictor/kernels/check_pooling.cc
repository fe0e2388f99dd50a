// Pooling against its definition: every kind, with and without padding in the average, both
// conventions for the last window.
#include <cfloat>

#include "checker.h"
#include "predictor/kernels/layout.h"
#include "predictor/kernels/pooling.h"

using checker::Guarded;
using predictor::ImageShape;
using predictor::PoolingKind;
using predictor::PoolingShape;

namespace {

constexpr double kBar = 1e-6;

double window(const PoolingShape& s, const float* plane, const int y[3]) {
  double sum = 0, largest = -FLT_MAX;
  int padded = 1, inside = 1, begin[3], end[3];
  for (int d = 0; d < 3; ++d) {
    begin[d] = y[d] * s.stride[d] - s.pad[d];
    end[d] =
        begin[d] + s.kernel[d] < s.in[d] + s.pad[d] ? begin[d] + s.kernel[d] : s.in[d] + s.pad[d];
    padded *= end[d] > begin[d] ? end[d] - begin[d] : 0;
    begin[d] = begin[d] > 0 ? begin[d] : 0;
    end[d] = end[d] < s.in[d] ? end[d] : s.in[d];
    inside *= end[d] > begin[d] ? end[d] - begin[d] : 0;
  }
  for (int a = begin[0]; a < end[0]; ++a) {
    for (int b = begin[1]; b < end[1]; ++b) {
      for (int c = begin[2]; c < end[2]; ++c) {
        const double x = plane[(a * s.in[1] + b) * s.in[2] + c];
        sum += s.kind == PoolingKind::kLp ? std::pow(x, s.p) : x;
        if (x > largest) largest = x;
      }
    }
  }
  if (s.kind == PoolingKind::kMax) return largest;
  const int size = s.count_include_pad ? padded : inside;
  if (s.kind == PoolingKind::kAverage) return size == 0 ? 0 : sum / size;
  return s.kind == PoolingKind::kSum || s.p == 1 ? sum : s.p == 2 ? std::sqrt(sum) : std::cbrt(sum);
}

// The same from a blocked image to a blocked image.
void check_blocked(predictor::Isa isa, checker::Checker& checker, PoolingShape s,
                   const std::vector<float>& in, const std::vector<double>& expected,
                   const char* what) {
  const ImageShape in_image = {1, s.planes, ptrdiff_t(s.in[0]) * s.in[1] * s.in[2]};
  const ImageShape out_image = {1, s.planes, ptrdiff_t(s.out[0]) * s.out[1] * s.out[2]};
  s.is_blocked = true;
  s.planes = predictor::blocked_channels(isa, s.planes);
  Guarded blocked_in(predictor::blocked_floats(isa, in_image));
  Guarded blocked_out(predictor::blocked_floats(isa, out_image));
  Guarded out(expected.size());
  predictor::to_blocked(isa, in_image, in.data(), blocked_in.data());
  predictor::pool(isa, s, blocked_in.data(), nullptr, blocked_out.data());
  predictor::to_plain(isa, out_image, blocked_out.data(), out.data());
  checker.expect_close(out, expected, kBar, what);
  checker.expect(blocked_in.is_intact() && blocked_out.is_intact(), what);
}

void check(predictor::Isa isa, checker::Checker& checker, PoolingShape s, bool is_full) {
  size_t in_count = s.planes, out_count = s.planes;
  for (int d = 0; d < 3; ++d) {
    s.out[d] =
        (s.in[d] + 2 * s.pad[d] - s.kernel[d] + (is_full ? s.stride[d] - 1 : 0)) / s.stride[d] + 1;
    in_count *= s.in[d], out_count *= s.out[d];
  }
  checker::Random random{unsigned(in_count)};
  std::vector<float> in = random.floats(in_count);
  // a root near zero would magnify the rounding of a sum with both signs
  if (s.kind == PoolingKind::kLp) {
    for (float& x : in) x += 1.5f;
  }
  std::vector<double> expected;
  for (int n = 0; n < s.planes; ++n) {
    for (int z = 0; z < s.out[0]; ++z) {
      for (int y = 0; y < s.out[1]; ++y) {
        for (int x = 0; x < s.out[2]; ++x) {
          const int at[3] = {z, y, x};
          expected.push_back(window(s, in.data() + size_t(n) * s.in[0] * s.in[1] * s.in[2], at));
        }
      }
    }
  }
  Guarded out(out_count);
  Guarded workspace(predictor::pool_workspace_floats(isa, s));
  predictor::pool(isa, s, in.data(), workspace.data(), out.data());
  checker.expect(workspace.is_intact(), "workspace");
  char what[160];
  std::snprintf(what, sizeof what,
                "kind %d p %d padding counts %d full %d in %dx%dx%d k %dx%dx%d s %d p %d",
                int(s.kind), s.p, s.count_include_pad, is_full, s.in[0], s.in[1], s.in[2],
                s.kernel[0], s.kernel[1], s.kernel[2], s.stride[2], s.pad[2]);
  checker.expect_close(out, expected, kBar, what);
  check_blocked(isa, checker, s, in, expected, what);
}

PoolingShape flat(int planes, int height, int width, int kernel, int stride, int pad) {
  PoolingShape s;
  s.planes = planes;
  s.in[1] = height, s.in[2] = width;
  for (int d = 1; d < 3; ++d) s.kernel[d] = kernel, s.stride[d] = stride, s.pad[d] = pad;
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  std::vector<PoolingShape> shapes = {
      flat(3, 13, 17, 3, 2, 0), flat(3, 14, 14, 3, 2, 1),  flat(2, 35, 35, 3, 1, 1),
      flat(2, 9, 8, 2, 2, 0),   flat(5, 7, 7, 7, 1, 0),    flat(2, 6, 600, 5, 3, 2),
      flat(1, 3, 40, 2, 3, 0),  flat(1, 2, 1400, 2, 1, 0),
  };
  PoolingShape wide = flat(2, 3, 1500, 1, 1, 0);
  wide.kernel[2] = 700, wide.stride[2] = 450;
  shapes.push_back(wide);
  PoolingShape solid = flat(2, 9, 10, 3, 2, 1);
  solid.in[0] = 5, solid.kernel[0] = 2, solid.stride[0] = 2;
  shapes.push_back(solid);
  for (PoolingShape s : shapes) {
    for (PoolingKind kind :
         {PoolingKind::kMax, PoolingKind::kAverage, PoolingKind::kSum, PoolingKind::kLp}) {
      for (bool is_full : {false, true}) {
        s.kind = kind;
        for (bool counts : {false, true}) {
          if (kind != PoolingKind::kAverage && counts) continue;
          s.count_include_pad = counts;
          for (int p = 1; p <= (kind == PoolingKind::kLp ? 3 : 1); ++p) {
            s.p = p;
            check(isa, checker, s, is_full);
          }
        }
      }
    }
  }
  return checker.finish();
}
