// Shared ownership by a count inside the object; the count may be changed from several threads.
// (std::shared_ptr's control block is a template over std types alone, and would be exported.)
#pragma once

#include <atomic>
#include <utility>

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

// Base of every T in Shared<T>.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  template <typename T>
  friend class Shared;
  mutable std::atomic<int> count_{0};
};

template <typename T>
class Shared {
 public:
  Shared() = default;
  Shared(std::nullptr_t) {}  // NOLINT: null converts
  explicit Shared(T* object) : object_(object) { acquire(); }
  Shared(const Shared& other) : object_(other.object_) { acquire(); }
  Shared(Shared&& other) noexcept : object_(other.object_) { other.object_ = nullptr; }
  Shared& operator=(Shared other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Shared() {
    if (object_ && object_->count_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object_;
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  // Whether nobody else holds the object.
  bool is_only() const { return object_->count_.load(std::memory_order_acquire) == 1; }

 private:
  void acquire() {
    if (object_) object_->count_.fetch_add(1, std::memory_order_relaxed);
  }
  T* object_ = nullptr;
};

template <typename T, typename... Arguments>
Shared<T> make_shared_object(Arguments&&... arguments) {
  return Shared<T>(new T(std::forward<Arguments>(arguments)...));
}

}  // namespace predictor
