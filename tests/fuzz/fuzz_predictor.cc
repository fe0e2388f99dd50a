// Makes a predictor of any files, runs it in every way and reads its outputs.
//
// The bytes are: a line for each input, NAME EXTENT...; an empty line; the symbol file; and behind
// a zero byte, if there is one, the parameter file.
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "predictor/c_predict_api.h"
#include "tokens.h"

// A network may be as large as it likes; but here, one that needs more memory for its tensors gets
// none, so that runs are short.
static constexpr size_t kMaxTensorBytes = 128 << 10;

static bool is_limited = false;

// The linker puts these in the place of calloc and mmap.
extern "C" void* __real_calloc(size_t count, size_t size);
extern "C" void* __wrap_calloc(size_t count, size_t size) {
  if (is_limited && count > kMaxTensorBytes / size) return nullptr;
  return __real_calloc(count, size);
}
extern "C" void* __real_mmap(void* start, size_t size, int access, int flags, int file, off_t at);
extern "C" void* __wrap_mmap(void* start, size_t size, int access, int flags, int file, off_t at) {
  if (is_limited && size > kMaxTensorBytes) return MAP_FAILED;
  return __real_mmap(start, size, access, flags, file, at);
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* bytes, size_t size, size_t capacity,
                                          unsigned seed) {
  return mutate_tokens(bytes, size, capacity, seed);
}

// Ends the process unless a failure has a text.
static bool succeeds(int result) {
  if (result != 0 && MXGetLastError()[0] == '\0') std::abort();
  return result == 0;
}

struct Inputs {
  std::vector<std::string> names;
  std::vector<const char*> keys;
  std::vector<uint32_t> ends = {0};
  std::vector<uint32_t> extents;

  explicit Inputs(const std::string& header) {
    std::istringstream lines(header);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name;
      words >> name;
      names.push_back(name);
      for (uint32_t extent = 0; words >> extent;) extents.push_back(extent);
      ends.push_back(static_cast<uint32_t>(extents.size()));
    }
    for (const std::string& name : names) keys.push_back(name.c_str());
  }

  uint32_t count() const { return static_cast<uint32_t>(names.size()); }
};

static size_t output_size(PredictorHandle predictor, uint32_t index) {
  uint32_t* shape = nullptr;
  uint32_t rank = 0;
  if (!succeeds(MXPredGetOutputShape(predictor, index, &shape, &rank))) return 0;
  size_t size = 1;
  for (uint32_t axis = 0; axis < rank; ++axis) size *= shape[axis];
  return size;
}

static void read_outputs(PredictorHandle predictor) {
  for (uint32_t index = 0;; ++index) {
    const size_t size = output_size(predictor, index);
    if (size == 0 || size > kMaxTensorBytes) return;
    std::vector<double> values(size);  // no type is wider
    succeeds(MXPredGetOutput(predictor, index, reinterpret_cast<float*>(values.data()),
                             static_cast<uint32_t>(size)));
  }
}

static void set_inputs(PredictorHandle predictor, const Inputs& inputs) {
  for (uint32_t i = 0; i < inputs.count(); ++i) {
    size_t size = 1;
    for (uint32_t at = inputs.ends[i]; at < inputs.ends[i + 1]; ++at) {
      size = std::min(size * inputs.extents[at], kMaxTensorBytes);
    }
    std::vector<double> values(size);
    float* floats = reinterpret_cast<float*>(values.data());
    static constexpr float kSamples[] = {0.5f, -1.25f, 2, 0, 3e38f, -7};
    for (size_t at = 0; at < size; ++at) floats[at] = kSamples[at % 6];
    succeeds(MXPredSetInput(predictor, inputs.keys[i], floats, static_cast<uint32_t>(size)));
  }
}

static void look_at(const char* name, NDArrayHandle array, void*) {
  const void* data = nullptr;
  const uint32_t* shape = nullptr;
  uint32_t rank = 0;
  int dtype = 0;
  if (name[0] == '\1' || MXPredReadMonitored(array, &data, &dtype, &shape, &rank)) std::abort();
}

static void run_in_steps(PredictorHandle predictor) {
  succeeds(MXPredSetMonitorCallback(predictor, look_at, nullptr, true));
  int left = 1;
  for (int step = 0; left > 0; ++step) {
    if (!succeeds(MXPredPartialForward(predictor, step, &left))) return;
  }
}

static void try_model(const std::string& text) {
  const size_t header_end = text.find("\n\n");
  if (header_end == std::string::npos) return;
  const Inputs inputs(text.substr(0, header_end));
  const char* symbol = text.c_str() + header_end + 2;
  const size_t params_at = std::min(text.size(), header_end + 2 + std::strlen(symbol) + 1);
  static const char kNoArrays[32] = {0x12, 0x01};
  const bool has_params = params_at < text.size();
  // exactly as long as the file, so that reading on is seen
  const std::vector<char> params(
      has_params ? text.begin() + static_cast<ptrdiff_t>(params_at) : text.end(), text.end());
  PredictorHandle predictor = nullptr;
  if (!succeeds(MXPredCreate(symbol, has_params ? params.data() : kNoArrays,
                             has_params ? static_cast<int>(params.size()) : 32, 1, 0,
                             inputs.count(), const_cast<const char**>(inputs.keys.data()),
                             inputs.ends.data(), inputs.extents.data(), &predictor))) {
    return;
  }
  set_inputs(predictor, inputs);
  if (succeeds(MXPredForward(predictor))) read_outputs(predictor);
  PredictorHandle other = nullptr;
  if (succeeds(MXPredReshape(inputs.count(), const_cast<const char**>(inputs.keys.data()),
                             inputs.ends.data(), inputs.extents.data(), predictor, &other))) {
    MXPredFree(predictor);
    run_in_steps(other);
    read_outputs(other);
    predictor = other;
  }
  MXPredFree(predictor);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  is_limited = true;
  try_model(std::string(reinterpret_cast<const char*>(bytes), size));
  is_limited = false;
  return 0;
}
