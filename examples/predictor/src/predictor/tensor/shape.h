// The extents of a tensor, some or all of which may still be unknown while shapes are inferred.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "predictor/base/containers.h"
#include "predictor/base/span.h"
#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

class Shape {
 public:
  static constexpr int kMaxRank = 8;
  static constexpr int64_t kUnknown = -1;
  // Every tensor has fewer elements, so that any product of its extents fits an int.
  static constexpr int64_t kMaxElements = 0x7fffffff;

  // Nothing is known, not even the rank.
  Shape() = default;
  Shape(std::initializer_list<int64_t> extents);
  // REQUIRES (throws otherwise): extents.size() <= kMaxRank.
  explicit Shape(Span<const int64_t> extents);
  // The rank is known, the extents are not.
  static Shape of_rank(size_t rank);

  bool has_rank() const { return rank_ >= 0; }
  // REQUIRES: has_rank().
  int rank() const { return rank_; }
  // Every extent is known.
  bool is_known() const;
  int64_t operator[](int axis) const { return extents_[axis]; }
  int64_t& operator[](int axis) { return extents_[axis]; }
  const int64_t* begin() const { return extents_; }
  const int64_t* end() const { return extents_ + (rank_ < 0 ? 0 : rank_); }

  void push(int64_t extent);
  // Product of the extents of axes first..last-1, INT64_MAX if it is more. REQUIRES: they are
  // known.
  int64_t product(int first, int last) const;
  // Number of elements. Throws if an extent is unknown, zero or negative, or there are too many.
  int64_t elements() const;
  // Takes over what `other` knows; true if that was something new. Sets *conflict, and changes
  // nothing, where both know different things.
  bool merge(const Shape& other, bool* conflict);

 private:
  int rank_ = -1;
  int64_t extents_[kMaxRank] = {};
};

bool operator==(const Shape& a, const Shape& b);
inline bool operator!=(const Shape& a, const Shape& b) { return !(a == b); }

// As Python writes it: (), (4,), (1, 3, ?).
void append_text(String& out, const Shape& shape);

// The axis that a possibly negative number means. Throws if there is none.
int checked_axis(int64_t axis, int rank);

}  // namespace predictor
