// Gives MXPredCreate and MXNDListCreate damaged files: cut off at every byte, and with every byte
// changed. Each call may succeed or fail; a failure has a text, and nothing is ever touched that
// should not be, which the sanitizers see.
//
// usage: check_untrusted SYMBOL PARAMS INPUT EXTENT...
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "predictor/c_predict_api.h"

static std::string read_file(const char* path) {
  std::string content;
  std::FILE* file = std::fopen(path, "rb");
  if (!file) std::exit(2);
  char block[4096];
  for (size_t count; (count = std::fread(block, 1, sizeof block, file)) > 0;)
    content.append(block, count);
  std::fclose(file);
  return content;
}

struct Input {
  const char* name;
  std::vector<uint32_t> extents;
};

struct Outcomes {
  int made = 0;
  int refused = 0;
};

static void require_text() {
  if (MXGetLastError()[0] == '\0') {
    std::puts("a failure without a text");
    std::exit(1);
  }
}

static void create(const std::string& symbol, const std::string& params, const Input& input,
                   Outcomes* outcomes) {
  const char* keys[] = {input.name};
  const uint32_t indptr[] = {0, static_cast<uint32_t>(input.extents.size())};
  // exactly as long as the file, so that reading on is seen
  const std::vector<char> bytes(params.begin(), params.end());
  const char none = 0;
  PredictorHandle handle = nullptr;
  if (MXPredCreate(symbol.c_str(), bytes.empty() ? &none : bytes.data(),
                   static_cast<int>(bytes.size()), 1, 0, 1, keys, indptr, input.extents.data(),
                   &handle) != 0) {
    require_text();
    ++outcomes->refused;
    return;
  }
  ++outcomes->made;
  if (MXPredForward(handle) != 0) require_text();
  MXPredFree(handle);
}

static void read_list(const std::string& params) {
  const std::vector<char> bytes(params.begin(), params.end());
  NDListHandle list = nullptr;
  uint32_t count = 0;
  if (bytes.empty()) return;
  if (MXNDListCreate(bytes.data(), static_cast<int>(bytes.size()), &list, &count) != 0)
    return require_text();
  MXNDListFree(list);
}

int main(int count, char** words) {
  if (count < 5) return 2;
  const std::string symbol = read_file(words[1]);
  const std::string params = read_file(words[2]);
  Input input = {words[3], {}};
  for (int i = 4; i < count; ++i)
    input.extents.push_back(static_cast<uint32_t>(std::atoi(words[i])));

  Outcomes cut;
  Outcomes changed;
  for (size_t end = 0; end < symbol.size(); ++end)
    create(symbol.substr(0, end), params, input, &cut);
  for (size_t end = 0; end < params.size(); ++end) {
    create(symbol, params.substr(0, end), input, &cut);
    read_list(params.substr(0, end));
  }
  for (const char value : {'\x00', '\x01', '\x7f', '\x80', '\xff', '0', '9', '-', '"', '[', '}'}) {
    for (size_t at = 0; at < symbol.size(); ++at) {
      std::string damaged = symbol;
      damaged[at] = value;
      create(damaged, params, input, &changed);
    }
    for (size_t at = 0; at < params.size(); ++at) {
      std::string damaged = params;
      damaged[at] = value;
      create(symbol, damaged, input, &changed);
      read_list(damaged);
    }
  }
  std::printf("cut: %d made\n", cut.made);
  std::printf("changed: %s made, %s refused\n", changed.made > 0 ? "some" : "none",
              changed.refused > 0 ? "some" : "none");
  return 0;
}
