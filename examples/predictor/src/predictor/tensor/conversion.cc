#include "predictor/tensor/conversion.h"

#include <cmath>
#include <cstring>

namespace PREDICTOR_HIDDEN predictor {
namespace conversion_detail {

// IEEE binary16, subnormals and infinities included.
static float half_to_float(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  float magnitude = std::ldexp(static_cast<float>(exponent == 0 ? fraction : fraction | 1024),
                               (exponent == 0 ? 1 : exponent) - 25);
  if (exponent == 31) magnitude = fraction ? NAN : INFINITY;
  return bits >> 15 ? -magnitude : magnitude;
}

static uint16_t float_to_half(float value) {
  const int sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return static_cast<uint16_t>(sign | 0x7e00);
  const float magnitude = std::fabs(value);
  if (magnitude >= 65520.0f) return static_cast<uint16_t>(sign | 0x7c00);
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  // of the last bit that is kept; subnormals keep those down to 2^-24
  const int last = (exponent < -13 ? -13 : exponent) - 11;
  const int kept = static_cast<int>(std::nearbyint(std::ldexp(magnitude, -last)));
  // a carry moves into the exponent by itself
  const int bits = magnitude == 0 ? 0 : kept + (last + 24) * 1024;
  return static_cast<uint16_t>(sign | bits);
}

static float bfloat_to_float(uint16_t bits) {
  const uint32_t wide = static_cast<uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

static uint16_t float_to_bfloat(float value) {
  uint32_t wide;
  std::memcpy(&wide, &value, sizeof(wide));
  if (std::isnan(value)) return static_cast<uint16_t>(wide >> 16 | 64);
  return static_cast<uint16_t>((wide + 0x7fff + (wide >> 16 & 1)) >> 16);
}

static int64_t float_to_integer(float value) {
  // what is outside of int64_t becomes what the common processors make of it
  return std::fabs(value) < 9.2e18f ? static_cast<int64_t>(value) : INT64_MIN;
}

// The machine is little-endian, as every target of this library is.
template <typename T>
static void read_each(const void* values, size_t count, float* out, float (*convert)(T)) {
  const char* from = static_cast<const char*>(values);
  for (size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof(value), sizeof(value));
    out[i] = convert(value);
  }
}

template <typename T>
static void read_numbers(const void* values, size_t count, float* out) {
  read_each<T>(values, count, out, [](T value) { return static_cast<float>(value); });
}

template <typename T>
static void write_integers(const float* in, size_t count, void* values) {
  T* out = static_cast<T*>(values);
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<T>(float_to_integer(in[i]));
}

static void write_halves(const float* in, size_t count, void* values, uint16_t (*convert)(float)) {
  uint16_t* out = static_cast<uint16_t*>(values);
  for (size_t i = 0; i < count; ++i) out[i] = convert(in[i]);
}

}  // namespace conversion_detail

void convert_to_floats(DType dtype, const void* values, size_t count, float* out) {
  namespace detail = conversion_detail;
  switch (dtype) {
    case DType::kFloat32:
      if (count > 0) std::memcpy(out, values, count * sizeof(float));
      return;
    case DType::kFloat64:
      return detail::read_numbers<double>(values, count, out);
    case DType::kFloat16:
      return detail::read_each<uint16_t>(values, count, out, detail::half_to_float);
    case DType::kBfloat16:
      return detail::read_each<uint16_t>(values, count, out, detail::bfloat_to_float);
    case DType::kUint8:
    case DType::kBool:
      return detail::read_numbers<uint8_t>(values, count, out);
    case DType::kInt8:
      return detail::read_numbers<int8_t>(values, count, out);
    case DType::kInt16:
      return detail::read_numbers<int16_t>(values, count, out);
    case DType::kUint16:
      return detail::read_numbers<uint16_t>(values, count, out);
    case DType::kInt32:
      return detail::read_numbers<int32_t>(values, count, out);
    case DType::kUint32:
      return detail::read_numbers<uint32_t>(values, count, out);
    case DType::kInt64:
      return detail::read_numbers<int64_t>(values, count, out);
    case DType::kUint64:
      return detail::read_numbers<uint64_t>(values, count, out);
  }
}

void convert_from_floats(DType dtype, const float* in, size_t count, void* values) {
  namespace detail = conversion_detail;
  switch (dtype) {
    case DType::kFloat32:
      if (count > 0) std::memcpy(values, in, count * sizeof(float));
      return;
    case DType::kFloat64:
      for (size_t i = 0; i < count; ++i) static_cast<double*>(values)[i] = in[i];
      return;
    case DType::kFloat16:
      return detail::write_halves(in, count, values, detail::float_to_half);
    case DType::kBfloat16:
      return detail::write_halves(in, count, values, detail::float_to_bfloat);
    case DType::kBool:
      for (size_t i = 0; i < count; ++i) static_cast<uint8_t*>(values)[i] = in[i] != 0;
      return;
    case DType::kUint8:
    case DType::kInt8:
      return detail::write_integers<uint8_t>(in, count, values);
    case DType::kInt16:
    case DType::kUint16:
      return detail::write_integers<uint16_t>(in, count, values);
    case DType::kInt32:
    case DType::kUint32:
      return detail::write_integers<uint32_t>(in, count, values);
    case DType::kInt64:
    case DType::kUint64:
      return detail::write_integers<uint64_t>(in, count, values);
  }
}

}  // namespace predictor
