// What the kernel tests share: buffers with guarded ends, repeatable data, and a comparison that is
// relative to the largest value.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "predictor/kernels/epilogue.h"
#include "predictor/kernels/isa.h"

namespace checker {

// Small numbers of both signs, the same in every run.
class Random {
 public:
  explicit Random(unsigned seed) : state_(seed * 2654435761u + 1u) {}
  float next() {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<float>(static_cast<int>(state_ >> 8) - (1 << 23)) /
           static_cast<float>(1 << 23);
  }
  std::vector<float> floats(size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = next();
    return values;
  }

 private:
  unsigned state_;
};

// A buffer for a kernel to write to: it begins as NaN, and what lies around it must stay as it is.
class Guarded {
 public:
  explicit Guarded(size_t count) : floats_(count + 2 * kGuard, NAN) {
    for (size_t i = 0; i < kGuard; ++i) floats_[i] = floats_[count + kGuard + i] = kSentinel;
  }
  Guarded(const std::vector<float>& contents) : Guarded(contents.size()) {
    for (size_t i = 0; i < contents.size(); ++i) floats_[kGuard + i] = contents[i];
  }
  float* data() { return floats_.data() + kGuard; }
  size_t size() const { return floats_.size() - 2 * kGuard; }
  bool is_intact() const {
    for (size_t i = 0; i < kGuard; ++i) {
      if (floats_[i] != kSentinel || floats_[floats_.size() - 1 - i] != kSentinel) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 67;  // odd, so that nothing is aligned by chance
  static constexpr float kSentinel = -12345.5f;
  std::vector<float> floats_;
};

// Counts failures; `what` names the case in the output.
class Checker {
 public:
  void expect(bool is_true, const char* what) {
    ++checks_;
    if (is_true) return;
    ++failures_;
    std::printf("FAILED: %s\n", what);
  }

  // max |got - expected| <= bar * max |expected|, and nothing but `got` was written.
  void expect_close(Guarded& got, const std::vector<double>& expected, double bar,
                    const char* what) {
    double largest = 0;
    for (double value : expected) largest = std::fmax(largest, std::fabs(value));
    expect_close(got, expected, bar, largest, what);
  }

  // The same beside another value than the largest: that of the sums which were clipped then.
  void expect_close(Guarded& got, const std::vector<double>& expected, double bar, double largest,
                    const char* what) {
    double worst = 0;
    bool is_number = got.size() == expected.size();
    for (size_t i = 0; i < expected.size() && is_number; ++i) {
      const double difference = std::fabs(got.data()[i] - expected[i]);
      is_number = difference == difference;
      worst = std::fmax(worst, difference);
    }
    char text[512];
    std::snprintf(text, sizeof text, "%s: error %.3g of the largest value %.3g%s%s", what,
                  worst / largest, largest, is_number ? "" : ", not a number",
                  got.is_intact() ? "" : ", wrote outside");
    expect(is_number && worst <= bar * largest && got.is_intact(), text);
  }

  // Prints the tally; the exit status of the program. A program that checked nothing has failed.
  int finish() const {
    std::printf("%d checks, %d failures\n", checks_, failures_);
    return failures_ == 0 && checks_ > 0 ? 0 : 1;
  }

 private:
  int checks_ = 0;
  int failures_ = 0;
};

// The instruction set that the command line names. Exits with status 77 where it cannot run here.
inline predictor::Isa isa_argument(int argc, char** argv) {
  predictor::Isa isa = predictor::Isa::kPlain;
  if (argc != 2 || !predictor::isa_from_name(argv[1], &isa)) {
    std::printf("no such instruction set here\n");
    std::exit(77);
  }
  return isa;
}

inline double activated(double x, const predictor::Epilogue& epilogue) {
  if (epilogue.activation == predictor::Activation::kRelu) return x > 0 ? x : 0;
  if (epilogue.activation == predictor::Activation::kClip) {
    return x < epilogue.low ? epilogue.low : x > epilogue.high ? epilogue.high : x;
  }
  return x;
}

}  // namespace checker
