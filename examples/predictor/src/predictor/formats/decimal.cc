#include "predictor/formats/decimal.h"

#include <cfloat>
#include <cmath>
#include <cstdint>

namespace PREDICTOR_HIDDEN predictor {
namespace decimal_detail {

static constexpr int kMantissaBits = 53;  // of a double
// By how much one step shifts: a digit shifted and a carry fit in 64 bits.
static constexpr int kMostBits = 27;
// A point farther away than this is beyond every float; so no exponent overflows.
static constexpr int kFarthestPoint = 1000;
// Of the text of the longest sensible number.
static constexpr size_t kLongest = 400;
// What shifts can add: a digit behind per bit by which the largest number is divided, and before
// the digits of 2^bits by which the smallest one is multiplied, the mantissa's included.
static constexpr size_t kDigitsBehind = 160;
static constexpr size_t kDigitsBefore = 64;
// Half a unit above FLT_MAX, which is written 3.4028235e+38: the first number that rounds to
// infinity.
static constexpr double kInfinity = 0x1.ffffffp127;

// 0.d1d2d3... * 10^point, exactly.
class Decimal {
 public:
  // False if the text is no number. REQUIRES: text.size() <= kLongest.
  bool read(TextView text);
  bool is_zero() const { return first_ == last_; }
  bool is_beyond_floats() const { return point_ > FLT_MAX_10_EXP + 1 || point_ < FLT_MIN_10_EXP; }
  // The nearest double. REQUIRES: neither zero nor beyond floats.
  double to_double();

 private:
  void drop_leading_zeros();
  void multiply(int bits);  // by 2^bits
  void divide(int bits);
  uint64_t nearest_integer() const;

  uint8_t storage_[kDigitsBefore + kLongest + kDigitsBehind];
  uint8_t* first_ = storage_ + kDigitsBefore;
  uint8_t* last_ = first_;  // one past the end
  int point_ = 0;
};

// Drops a sign from the front; true if it was a minus.
static bool take_sign(TextView* text) {
  const bool is_negative = !text->empty() && (*text)[0] == '-';
  if (is_negative || (!text->empty() && (*text)[0] == '+')) *text = text->part(1);
  return is_negative;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// An exponent, sign included; one of many digits is as good as kFarthestPoint.
static bool read_exponent(TextView text, int* exponent) {
  const bool is_negative = take_sign(&text);
  if (text.empty()) return false;
  *exponent = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    if (*exponent < kFarthestPoint) *exponent = *exponent * 10 + (c - '0');
  }
  if (is_negative) *exponent = -*exponent;
  return true;
}

bool Decimal::read(TextView text) {
  size_t at = 0;
  bool has_digits = false;
  bool is_fraction = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !is_fraction) {
      is_fraction = true;
    } else if (is_digit(text[at])) {
      has_digits = true;
      point_ += !is_fraction;
      *last_++ = static_cast<uint8_t>(text[at] - '0');
    } else {
      break;
    }
  }
  int exponent = 0;
  const bool has_exponent = at < text.size() && (text[at] == 'e' || text[at] == 'E');
  if (has_exponent ? !read_exponent(text.part(at + 1), &exponent) : at < text.size()) return false;
  point_ += exponent;
  drop_leading_zeros();
  return has_digits;
}

void Decimal::drop_leading_zeros() {
  for (; first_ < last_ && *first_ == 0; ++first_) --point_;
}

void Decimal::multiply(int bits) {
  uint64_t carry = 0;
  for (uint8_t* digit = last_; digit-- > first_; carry /= 10) {
    carry += static_cast<uint64_t>(*digit) << bits;
    *digit = static_cast<uint8_t>(carry % 10);
  }
  for (; carry > 0; carry /= 10, ++point_) *--first_ = static_cast<uint8_t>(carry % 10);
}

void Decimal::divide(int bits) {
  uint64_t rest = 0;
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  for (uint8_t* digit = first_; digit < last_ || rest > 0; ++digit) {
    if (digit == last_) *last_++ = 0;
    rest = rest * 10 + *digit;
    *digit = static_cast<uint8_t>(rest >> bits);
    rest &= mask;
  }
  drop_leading_zeros();
}

// REQUIRES: less than 2^64. Halves go to the even neighbour.
uint64_t Decimal::nearest_integer() const {
  uint64_t result = 0;
  const uint8_t* digit = first_;
  for (int i = 0; i < point_; ++i) result = result * 10 + (digit < last_ ? *digit++ : 0);
  if (digit == last_ || *digit < 5) return result;
  bool is_half = *digit++ == 5;
  while (digit < last_) is_half &= *digit++ == 0;
  return result + (is_half ? result % 2 : 1);
}

double Decimal::to_double() {
  // 8^n < 10^n, so that neither loop jumps past one by far.
  int exponent = 0;
  for (int bits; point_ > 0; exponent += bits) {
    bits = 3 * point_ < kMostBits ? 3 * point_ : kMostBits;
    divide(bits);
  }
  for (int bits; point_ < 0 || *first_ < 5; exponent -= bits) {
    bits = point_ == 0 ? 1 : -3 * point_ < kMostBits ? -3 * point_ : kMostBits;
    multiply(bits);
  }
  // now in [0.5, 1)
  multiply(kMostBits);
  multiply(kMantissaBits - kMostBits);
  return std::ldexp(static_cast<double>(nearest_integer()), exponent - kMantissaBits);
}

}  // namespace decimal_detail

bool parse_decimal(TextView text, double* value) {
  if (text.size() > decimal_detail::kLongest) return false;
  const bool is_negative = decimal_detail::take_sign(&text);
  decimal_detail::Decimal decimal;
  if (!decimal.read(text)) return false;
  *value = 0.0;
  if (!decimal.is_zero()) {
    if (decimal.is_beyond_floats()) return false;
    *value = decimal.to_double();
    if (*value < FLT_MIN || *value >= decimal_detail::kInfinity) return false;
  }
  if (is_negative) *value = -*value;
  return true;
}

}  // namespace predictor
