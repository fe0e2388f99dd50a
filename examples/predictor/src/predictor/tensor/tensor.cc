#include "predictor/tensor/tensor.h"

#include <cstdlib>
#include <new>

#include "predictor/base/error.h"

#if PREDICTOR_HAS_MMAP
#include <sys/mman.h>
#endif

namespace PREDICTOR_HIDDEN predictor {
namespace tensor_detail {

// A heap keeps the holes that large buffers of different sizes leave, so those from here on are
// mapped.
[[maybe_unused]] static constexpr size_t kMappedBytes = 64 * 1024;

}  // namespace tensor_detail

size_t element_size(DType dtype) {
  switch (dtype) {
    case DType::kUint8:
    case DType::kInt8:
    case DType::kBool:
      return 1;
    case DType::kFloat16:
    case DType::kBfloat16:
    case DType::kInt16:
    case DType::kUint16:
      return 2;
    case DType::kFloat32:
    case DType::kInt32:
    case DType::kUint32:
      return 4;
    case DType::kFloat64:
    case DType::kInt64:
    case DType::kUint64:
      return 8;
  }
  fail({"unknown element type ", static_cast<int>(dtype)});
}

size_t TensorType::bytes() const {
  const size_t count = static_cast<size_t>(shape.elements());
  const size_t size = element_size(dtype);
  check(count <= static_cast<size_t>(-1) / 2 / size,
        {"the shape ", shape, " does not fit the memory of this machine"});
  return count * size;
}

Buffer::Buffer(size_t bytes) : bytes_(bytes) {
  if (bytes > static_cast<size_t>(-1) - kAlignment) throw std::bad_alloc();
#if PREDICTOR_HAS_MMAP
  if (bytes >= tensor_detail::kMappedBytes) {
    memory_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    data_ = memory_;
#if PREDICTOR_HAS_HUGE_PAGES
    madvise(memory_, bytes, MADV_HUGEPAGE);  // a wish: nothing depends on it
#endif
    return;
  }
#endif
  memory_ = std::calloc(bytes + kAlignment, 1);
  if (!memory_) throw std::bad_alloc();
  const uintptr_t address = reinterpret_cast<uintptr_t>(memory_);
  data_ = static_cast<char*>(memory_) + (kAlignment - address % kAlignment) % kAlignment;
}

Buffer::~Buffer() {
#if PREDICTOR_HAS_MMAP
  if (bytes_ >= tensor_detail::kMappedBytes) {
    munmap(memory_, bytes_);
    return;
  }
#endif
  std::free(memory_);
}

Array::Array(const TensorType& array_type)
    : type(array_type), buffer(make_shared_object<Buffer>(array_type.bytes())) {}

}  // namespace predictor
