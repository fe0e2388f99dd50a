// Runs predictors of one model in several threads at once: siblings that share weights and make
// their program together, predictors that were made apart, and such as come and go. The thread
// sanitizer sees what they should not share.
//
// usage: check_threads SYMBOL PARAMS INPUT EXTENT...
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "predictor/c_predict_api.h"

static constexpr int kThreads = 4;
static constexpr int kRounds = 5;

static std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Model {
  std::string symbol;
  std::string params;
  const char* key;
  std::vector<uint32_t> extents;
  uint32_t ends[2];
  uint32_t size = 1;
};

static void require(int result) {
  if (result == 0) return;
  std::puts(MXGetLastError());
  std::exit(1);
}

static void create(Model& model, int count, PredictorHandle* handles) {
  require(MXPredCreateMultiThread(model.symbol.c_str(), model.params.data(),
                                  static_cast<int>(model.params.size()), 1, 0, 1, &model.key,
                                  model.ends, model.extents.data(), count, handles));
}

// The sum of the outputs for an input that is `value` everywhere.
static float run(const Model& model, PredictorHandle handle, float value) {
  const std::vector<float> input(model.size, value);
  require(MXPredSetInput(handle, model.key, input.data(), model.size));
  require(MXPredForward(handle));
  uint32_t* shape = nullptr;
  uint32_t rank = 0;
  require(MXPredGetOutputShape(handle, 0, &shape, &rank));
  uint32_t size = 1;
  for (uint32_t axis = 0; axis < rank; ++axis) size *= shape[axis];
  std::vector<float> output(size);
  require(MXPredGetOutput(handle, 0, output.data(), size));
  float sum = 0;
  for (const float one : output) sum += one;
  return sum;
}

template <typename F>
static void in_threads(const F& function) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(function, i);
  for (std::thread& thread : threads) thread.join();
}

int main(int count, char** words) {
  if (count < 5) return 2;
  Model model;
  model.symbol = read_file(words[1]);
  model.params = read_file(words[2]);
  model.key = words[3];
  for (int i = 4; i < count; ++i) {
    model.extents.push_back(static_cast<uint32_t>(std::atoi(words[i])));
    model.size *= model.extents.back();
  }
  model.ends[0] = 0;
  model.ends[1] = static_cast<uint32_t>(model.extents.size());

  float expected[kThreads];
  PredictorHandle alone = nullptr;
  create(model, 1, &alone);
  for (int i = 0; i < kThreads; ++i) expected[i] = run(model, alone, static_cast<float>(i));
  MXPredFree(alone);

  bool is_same[kThreads] = {};
  PredictorHandle siblings[kThreads];
  create(model, kThreads, siblings);
  in_threads([&](int i) {
    is_same[i] = true;
    for (int round = 0; round < kRounds; ++round) {
      is_same[i] = is_same[i] && run(model, siblings[i], static_cast<float>(i)) == expected[i];
      // one that is made and freed while the others run
      Model own = model;
      PredictorHandle other = nullptr;
      create(own, 1, &other);
      is_same[i] = is_same[i] && run(own, other, static_cast<float>(i)) == expected[i];
      require(MXPredFree(other));
    }
    require(MXPredFree(siblings[i]));
  });
  for (const bool one : is_same) std::puts(one ? "same" : "different");
  return 0;
}
