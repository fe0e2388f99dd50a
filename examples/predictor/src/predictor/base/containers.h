// The standard containers under this library's own allocator.
//
// A template over standard and built-in types alone keeps the visibility of namespace std, and its
// members would be exported from the shared library. One hidden template argument hides them all.
// The allocator is also the one place where every byte of bookkeeping passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "predictor/base/platform.h"

namespace PREDICTOR_HIDDEN predictor {

template <typename T>
struct Allocator {
  using value_type = T;
  Allocator() = default;
  template <typename U>
  Allocator(const Allocator<U>&) {}  // NOLINT: allocators convert into each other
  T* allocate(size_t count) {
    if (count > static_cast<size_t>(-1) / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(::operator new(count * sizeof(T)));
  }
  void deallocate(T* memory, size_t) { ::operator delete(memory); }
};
template <typename T, typename U>
bool operator==(const Allocator<T>&, const Allocator<U>&) {
  return true;
}
template <typename T, typename U>
bool operator!=(const Allocator<T>&, const Allocator<U>&) {
  return false;
}

// A type's push_back is given either always what stays or always what may be moved from: each form
// is a third of a kilobyte.
template <typename T>
using Vector = std::vector<T, Allocator<T>>;

// Each 0 or 1: the vector of bool has code of its own.
using Flags = Vector<uint8_t>;

using String = std::basic_string<char, std::char_traits<char>, Allocator<char>>;

template <typename T>
struct Less {
  bool operator()(const T& a, const T& b) const { return a < b; }
};
// Filled with emplace and put: operator[] and insert_or_assign refer to std::piecewise_construct,
// which clang then exports.
template <typename K, typename V>
using Map = std::map<K, V, Less<K>, Allocator<std::pair<const K, V>>>;

template <typename K, typename V>
void put(Map<K, V>* map, const K& key, V value) {
  const auto found = map->find(key);
  if (found == map->end()) {
    map->emplace(key, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

// T must be a type of this library.
template <typename T>
using Unique = std::unique_ptr<T>;

}  // namespace predictor
