// Whatever the number of threads, every bit of every result is the same, and every task runs once.
#include <atomic>
#include <cstring>
#include <thread>

#include "checker.h"
#include "predictor/base/threads.h"
#include "predictor/kernels/convolution.h"
#include "predictor/kernels/fully_connected.h"

using checker::Guarded;
using predictor::ConvolutionShape;

namespace {

// in, out channels, groups, size, kernel, stride
ConvolutionShape square(int in, int out, int groups, int size, int kernel, int stride) {
  ConvolutionShape s;
  s.in_channels = in;
  s.out_channels = out;
  s.groups = groups;
  for (int d = 1; d < 3; ++d) {
    s.in[d] = size, s.kernel[d] = kernel, s.stride[d] = stride, s.pad[d] = kernel / 2;
    s.out[d] = (size + 2 * s.pad[d] - kernel) / stride + 1;
  }
  return s;
}

std::vector<float> convolved(predictor::Isa isa, const ConvolutionShape& s) {
  checker::Random random(7);
  const size_t taps = size_t(s.kernel[1]) * s.kernel[2];
  const std::vector<float> in = random.floats(size_t(s.in_channels) * s.in[1] * s.in[2]);
  const std::vector<float> weight =
      random.floats(size_t(s.out_channels) * (s.in_channels / s.groups) * taps);
  const std::vector<float> bias = random.floats(s.out_channels);
  std::vector<float> packed(predictor::convolution_packed_floats(isa, s));
  std::vector<float> workspace(predictor::convolution_workspace_floats(isa, s));
  std::vector<float> out(size_t(s.out_channels) * s.out[1] * s.out[2]);
  predictor::Epilogue epilogue;
  epilogue.bias = bias.data();
  predictor::convolution_pack(isa, s, weight.data(), packed.data());
  predictor::convolution_run(isa, s, packed.data(), in.data(), epilogue, workspace.data(),
                             out.data());
  return out;
}

std::vector<float> connected(predictor::Isa isa, int batch) {
  const predictor::FullyConnectedShape s = {batch, 700, 900};
  checker::Random random(8);
  const std::vector<float> in = random.floats(size_t(batch) * 700), weight = random.floats(630000);
  std::vector<float> packed(predictor::fully_connected_packed_floats(isa, s));
  std::vector<float> workspace(predictor::fully_connected_workspace_floats(isa, s));
  std::vector<float> out(size_t(batch) * 900);
  predictor::fully_connected_pack(isa, s, weight.data(), packed.data());
  predictor::fully_connected_run(isa, s, packed.data(), in.data(), {}, workspace.data(),
                                 out.data());
  return out;
}

bool is_same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void count_task(const void* context, int index) {
  (*static_cast<std::vector<std::atomic<int>>* const*>(context))->at(index).fetch_add(1);
}

bool runs_each_once(int count) {
  std::vector<std::atomic<int>> runs(count);
  std::vector<std::atomic<int>>* context = &runs;
  predictor::parallel_for(count, count_task, &context);
  for (const std::atomic<int>& times : runs) {
    if (times.load() != 1) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  predictor::set_thread_count(4);
  checker.expect(predictor::thread_count() == 1, "no threads before somebody uses them");
  // panels, rows, columns and blocks that are shared; strides; a stem; the end of an image;
  // tiles
  ConvolutionShape shapes[] = {square(64, 256, 1, 14, 3, 1), square(64, 40, 1, 56, 3, 1),
                               square(3, 64, 1, 112, 7, 2),  square(64, 48, 1, 57, 1, 1),
                               square(100, 70, 1, 31, 3, 2), square(96, 96, 96, 57, 3, 1),
                               square(70, 100, 1, 57, 3, 1)};
  shapes[6].is_filtered = predictor::convolution_is_filterable(isa, shapes[6]);
  std::vector<std::vector<float>> alone;
  for (const ConvolutionShape& shape : shapes) alone.push_back(convolved(isa, shape));
  const std::vector<float> one = connected(isa, 1), eleven = connected(isa, 11);
  {
    const predictor::ThreadsUse use;
    for (int threads : {2, 3, 4, 7}) {
      predictor::set_thread_count(threads);
      checker.expect(predictor::thread_count() == threads, "the pool has the size asked for");
      for (size_t i = 0; i < alone.size(); ++i) {
        checker.expect(is_same(convolved(isa, shapes[i]), alone[i]), "a convolution");
      }
      checker.expect(is_same(connected(isa, 1), one), "a fully connected layer");
      checker.expect(is_same(connected(isa, 11), eleven), "a batch");
      for (int i = 0; i < 300; ++i) checker.expect(runs_each_once(1 + i % 20), "tasks");
    }
    bool is_right = true;
    std::thread other([&] {
      for (int i = 0; i < 300; ++i) is_right = is_right && runs_each_once(9);
    });
    for (int i = 0; i < 300; ++i) checker.expect(runs_each_once(9), "beside another thread");
    other.join();
    checker.expect(is_right, "the other thread");
  }
  checker.expect(predictor::thread_count() == 1, "no threads after the last use");
  return checker.finish();
}
