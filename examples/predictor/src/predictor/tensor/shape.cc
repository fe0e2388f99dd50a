#include "predictor/tensor/shape.h"

#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {

Shape::Shape(std::initializer_list<int64_t> extents)
    : Shape(Span<const int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(Span<const int64_t> extents) : rank_(0) {
  for (const int64_t extent : extents) push(extent);
}

Shape Shape::of_rank(size_t rank) {
  Shape shape = {};
  shape.rank_ = 0;
  for (size_t i = 0; i < rank; ++i) shape.push(kUnknown);
  return shape;
}

void Shape::push(int64_t extent) {
  check(rank_ < kMaxRank, {"a tensor has more than ", kMaxRank, " dimensions"});
  if (rank_ < 0) rank_ = 0;
  extents_[rank_++] = extent;
}

bool Shape::is_known() const {
  for (const int64_t extent : *this) {
    if (extent < 0) return false;
  }
  return has_rank();
}

int64_t Shape::product(int first, int last) const {
  int64_t product = 1;
  for (int axis = first; axis < last; ++axis) {
    const int64_t extent = extents_[axis];
    if (extent > 0 && product > INT64_MAX / extent) return INT64_MAX;
    product *= extent;
  }
  return product;
}

int64_t Shape::elements() const {
  check(is_known(), {"the shape ", *this, " is not completely known"});
  int64_t count = 1;
  for (const int64_t extent : *this) {
    check(extent > 0, {"the shape ", *this, " has no elements"});
    check(extent <= kMaxElements / count, {"the shape ", *this, " has too many elements"});
    count *= extent;
  }
  return count;
}

bool Shape::merge(const Shape& other, bool* conflict) {
  if (!other.has_rank()) return false;
  if (!has_rank()) {
    *this = other;
    return true;
  }
  *conflict = rank_ != other.rank_;
  for (int i = 0; i < rank_ && !*conflict; ++i) {
    *conflict = extents_[i] >= 0 && other[i] >= 0 && extents_[i] != other[i];
  }
  bool changed = false;
  for (int i = 0; i < rank_ && !*conflict; ++i) {
    if (extents_[i] >= 0 || other[i] < 0) continue;
    extents_[i] = other[i];
    changed = true;
  }
  return changed;
}

bool operator==(const Shape& a, const Shape& b) {
  if (a.has_rank() != b.has_rank()) return false;
  if (!a.has_rank()) return true;
  if (a.rank() != b.rank()) return false;
  for (int i = 0; i < a.rank(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

void append_text(String& out, const Shape& shape) {
  if (!shape.has_rank()) return append_text(out, "(...)");
  out.push_back('(');
  for (int i = 0; i < shape.rank(); ++i) {
    if (i > 0) append_text(out, ", ");
    if (shape[i] == Shape::kUnknown) {
      out.push_back('?');
    } else {
      append_text(out, shape[i]);
    }
  }
  append_text(out, shape.rank() == 1 ? ",)" : ")");
}

int checked_axis(int64_t axis, int rank) {
  check(axis >= -rank && axis < rank,
        {"axis ", axis, " does not exist in a tensor of ", rank, " dimensions"});
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace predictor
