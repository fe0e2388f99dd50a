// Text that is looked at (TextView), text that is composed (concat), and numbers as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "predictor/base/containers.h"

namespace PREDICTOR_HIDDEN predictor {

// Characters that someone else owns; not terminated.
class TextView {
 public:
  TextView() = default;
  TextView(const char* data, size_t size) : data_(data), size_(size) {}
  TextView(const char* text) : data_(text), size_(std::strlen(text)) {}     // NOLINT: converts
  TextView(const String& text) : data_(text.data()), size_(text.size()) {}  // NOLINT: converts

  const char* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  char operator[](size_t index) const { return data_[index]; }
  const char* begin() const { return data_; }
  const char* end() const { return data_ + size_; }
  // The part from `start` on, at most `count` characters. REQUIRES: start <= size().
  TextView part(size_t start, size_t count = static_cast<size_t>(-1)) const {
    return {data_ + start, count < size_ - start ? count : size_ - start};
  }
  String string() const { return String(data_, size_); }

 private:
  const char* data_ = "";
  size_t size_ = 0;
};

// Negative, zero or positive, as memcmp.
inline int compare(TextView a, TextView b) {
  const int order = std::memcmp(a.data(), b.data(), a.size() < b.size() ? a.size() : b.size());
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size();
}
inline bool operator==(TextView a, TextView b) { return compare(a, b) == 0; }
inline bool operator!=(TextView a, TextView b) { return compare(a, b) != 0; }
inline bool operator<(TextView a, TextView b) { return compare(a, b) < 0; }
inline bool starts_with(TextView text, TextView start) {
  return text.size() >= start.size() && text.part(0, start.size()) == start;
}
inline bool ends_with(TextView text, TextView end) {
  return text.size() >= end.size() && text.part(text.size() - end.size()) == end;
}

// What can stand in a message. Further types join by an overload of append_text beside them.
void append_text(String& out, TextView text);
void append_text(String& out, int64_t number);
void append_text(String& out, uint64_t number);
inline void append_text(String& out, const String& text) { append_text(out, TextView(text)); }
inline void append_text(String& out, const char* text) { append_text(out, TextView(text)); }
inline void append_text(String& out, int number) { append_text(out, static_cast<int64_t>(number)); }
inline void append_text(String& out, uint32_t number) {
  append_text(out, static_cast<uint64_t>(number));
}

// A reference to something that append_text knows, so that one function composes any message.
class Piece {
 public:
  Piece(const char* text)  // NOLINT: meant to convert
      : value_(text), append_([](String& out, const void* object) {
          append_text(out, static_cast<const char*>(object));
        }) {}
  template <typename T>
  Piece(const T& value)  // NOLINT: meant to convert
      : value_(&value), append_([](String& out, const void* object) {
          append_text(out, *static_cast<const T*>(object));
        }) {}
  void append_to(String& out) const { append_(out, value_); }

 private:
  const void* value_;
  void (*append_)(String&, const void*);
};

// All pieces one after the other: concat({"axis ", axis, " of ", shape}).
String concat(std::initializer_list<Piece> pieces);

}  // namespace predictor
