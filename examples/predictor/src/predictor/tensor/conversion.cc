#include "predictor/tensor/conversion.h"

#include <cmath>
#include <cstring>

namespace PREDICTOR_HIDDEN predictor {
namespace conversion_detail {

static uint32_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static float from_bits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// IEEE binary16, subnormals and infinities included: 5 bits of exponent and 10 of fraction, moved
// to where binary32 has them, with the exponent's bias, 15 instead of 127, put right by a product.
static float half_to_float(uint16_t bits) {
  const uint32_t magnitude = static_cast<uint32_t>(bits & 0x7fff) << 13;
  const bool is_finite = (bits & 0x7c00) != 0x7c00;
  const float value =
      is_finite ? from_bits(magnitude) * 0x1p112f : from_bits(magnitude | 0x7f800000);
  return bits >> 15 ? -value : value;
}

static uint16_t float_to_half(float value) {
  const uint32_t sign = bits_of(value) >> 16 & 0x8000;
  const uint32_t magnitude = bits_of(value) & 0x7fffffff;
  uint32_t half;
  if (magnitude > 0x7f800000) {
    half = 0x7e00;  // not a number
  } else if (magnitude >= 0x477ff000) {
    half = 0x7c00;  // 65520 and more
  } else if (magnitude >= 0x38800000) {
    // to nearest, to even; a carry moves into the exponent by itself
    half = (magnitude + 0xfff + (magnitude >> 13 & 1) - 0x38000000) >> 13;
  } else {
    // the sum rounds to multiples of 2^-24, of which the fraction's last bits are the count
    half = bits_of(from_bits(magnitude) + 0.5f) - bits_of(0.5f);
  }
  return static_cast<uint16_t>(sign | half);
}

static float bfloat_to_float(uint16_t bits) { return from_bits(static_cast<uint32_t>(bits) << 16); }

static uint16_t float_to_bfloat(float value) {
  const uint32_t wide = bits_of(value);
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
