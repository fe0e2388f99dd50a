// The blocked layout against its definition, with channels that end inside a block.
#include "checker.h"
#include "predictor/kernels/layout.h"

using checker::Guarded;
using predictor::ImageShape;

namespace {

void check(predictor::Isa isa, checker::Checker& checker, const ImageShape& shape) {
  const int block = predictor::channel_block(isa);
  const int blocks = (shape.channels + block - 1) / block;
  checker::Random random(unsigned(shape.channels * 100 + shape.plane));
  const std::vector<float> plain =
      random.floats(size_t(shape.batch) * shape.channels * shape.plane);
  std::vector<double> expected;
  for (int n = 0; n < shape.batch; ++n) {
    for (int b = 0; b < blocks; ++b) {
      for (ptrdiff_t i = 0; i < shape.plane; ++i) {
        for (int c = b * block; c < (b + 1) * block; ++c) {
          const bool is_there = c < shape.channels;
          expected.push_back(is_there ? plain[(size_t(n) * shape.channels + c) * shape.plane + i]
                                      : 0);
        }
      }
    }
  }
  char what[100];
  std::snprintf(what, sizeof what, "%d x %d x %d", shape.batch, shape.channels, int(shape.plane));
  Guarded blocked(predictor::blocked_floats(isa, shape)), back(plain.size());
  predictor::to_blocked(isa, shape, plain.data(), blocked.data());
  checker.expect_close(blocked, expected, 0, what);
  predictor::to_plain(isa, shape, blocked.data(), back.data());
  checker.expect_close(back, std::vector<double>(plain.begin(), plain.end()), 0, what);
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  const int block = predictor::channel_block(isa);
  checker.expect(block > 0 && (block & (block - 1)) == 0, "a power of 2");
  checker.expect(predictor::blocked_channels(isa, block + 1) == (block == 1 ? 2 : 2 * block),
                 "room for one more");
  for (int channels : {1, 3, 4, 15, 16, 17, 40}) {
    for (int plane : {1, 7, 16, 35}) check(isa, checker, {2, channels, plane});
  }
  return checker.finish();
}
