// Element types, shaped memory that someone else owns (Tensor), and memory that is owned (Buffer).
#pragma once

#include <cstddef>
#include <cstdint>

#include "predictor/base/shared.h"
#include "predictor/tensor/shape.h"

namespace PREDICTOR_HIDDEN predictor {

// The codes of parameter files and of the C API.
enum class DType : int {
  kFloat32 = 0,
  kFloat64 = 1,
  kFloat16 = 2,
  kUint8 = 3,
  kInt32 = 4,
  kInt8 = 5,
  kInt64 = 6,
  kBool = 7,
  kInt16 = 8,
  kUint16 = 9,
  kUint32 = 10,
  kUint64 = 11,
  kBfloat16 = 12,
};

// Bytes of one element. Throws for a code that is not listed above.
size_t element_size(DType dtype);

struct TensorType {
  Shape shape;
  DType dtype = DType::kFloat32;
  // Throws where Shape::elements does, and where the bytes do not fit a size_t.
  size_t bytes() const;
};

// Dense, row-major. Whoever makes one promises that `data` has type.bytes() bytes.
struct Tensor {
  TensorType type;
  void* data = nullptr;

  const Shape& shape() const { return type.shape; }
  float* floats() const { return static_cast<float*>(data); }
  size_t count() const { return static_cast<size_t>(type.shape.elements()); }
};

// Memory aligned to kAlignment, all zero at first. The pages of a large buffer are not touched
// before they are used, and go back to the system with it.
class Buffer : public Counted {
 public:
  static constexpr size_t kAlignment = 64;
  explicit Buffer(size_t bytes);
  ~Buffer();
  void* data() const { return data_; }
  float* floats() const { return static_cast<float*>(data_); }
  size_t bytes() const { return bytes_; }

 private:
  void* memory_;
  void* data_;
  size_t bytes_;
};

// A tensor with the memory it lives in. Moves and copies share the memory.
struct Array {
  TensorType type;
  Shared<Buffer> buffer;

  Array() = default;
  explicit Array(const TensorType& array_type);
  Tensor tensor() const { return {type, buffer ? buffer->data() : nullptr}; }
};

}  // namespace predictor
