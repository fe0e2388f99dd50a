// Changes text token by token: most of what is random is no JSON.
#pragma once

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

extern "C" size_t LLVMFuzzerMutate(uint8_t* bytes, size_t size, size_t capacity);

// A run of letters, digits and what numbers and names consist of.
struct Token {
  size_t start;
  size_t end;
};

inline std::vector<Token> tokens_of(const std::string& text) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size() && text[at] != '\0'; ++at) {
    const size_t start = at;
    while (at < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[at])) || std::strchr("_-+.", text[at])) &&
           text[at] != '\0') {
      ++at;
    }
    if (at > start) tokens.push_back({start, at});
  }
  return tokens;
}

// Puts something else in the place of one token, or leaves it to libFuzzer. Returns the new size.
inline size_t mutate_tokens(uint8_t* bytes, size_t size, size_t capacity, unsigned seed) {
  static const char* const kValues[] = {
      "0",          "1",        "2",         "3",       "-1",      "-2",         "-3",
      "-4",         "5",        "7",         "64",      "65536",   "2147483647", "-5",
      "4294967296", "nan",      "inf",       "-inf",    "1e30",    "0.5",        "None",
      "True",       "False",    "0, 0",      "1, 1",    "2, 3",    "",           "max",
      "avg",        "lp",       "full",      "valid",   "channel", "value",      "both",
      "null",       "instance", "[0, 0, 0]", "float16", "uint8",   "int32",      "float64"};
  std::minstd_rand random(seed);
  const auto below = [&](size_t limit) { return static_cast<size_t>(random()) % limit; };
  std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::vector<Token> tokens = tokens_of(text);
  if (tokens.empty() || below(4) == 0) return LLVMFuzzerMutate(bytes, size, capacity);
  for (size_t times = 1 + below(3); times > 0; --times) {
    // the places behind a change are off, which is as good as any
    const Token token = tokens[below(tokens.size())];
    const Token other = tokens[below(tokens.size())];
    if (token.end > text.size() || other.end > text.size()) break;
    const std::string value = below(2) == 0 ? kValues[below(sizeof(kValues) / sizeof(*kValues))]
                                            : text.substr(other.start, other.end - other.start);
    text.replace(token.start, token.end - token.start, value);
  }
  if (text.size() > capacity) text.resize(capacity);
  std::memcpy(bytes, text.data(), text.size());
  return text.size();
}
