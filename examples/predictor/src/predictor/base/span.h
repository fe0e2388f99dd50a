// A view of consecutive elements that someone else owns.
#pragma once

#include <cstddef>

#include "predictor/base/containers.h"

namespace PREDICTOR_HIDDEN predictor {

template <typename T>
class Span {
 public:
  Span() = default;
  Span(T* data, size_t size) : data_(data), size_(size) {}
  template <size_t N>
  Span(T (&array)[N]) : data_(array), size_(N) {}  // NOLINT: meant to convert
  template <typename U>
  Span(const Vector<U>& vector) : data_(vector.data()), size_(vector.size()) {}  // NOLINT: as above
  template <typename U>
  Span(Vector<U>& vector) : data_(vector.data()), size_(vector.size()) {}  // NOLINT: as above

  T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // REQUIRES: index < size().
  T& operator[](size_t index) const { return data_[index]; }
  T* begin() const { return data_; }
  T* end() const { return data_ + size_; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace predictor
