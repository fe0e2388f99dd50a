#include "predictor/formats/array_list.h"

#include <cstring>

#include "predictor/base/error.h"
#include "predictor/tensor/conversion.h"

namespace PREDICTOR_HIDDEN predictor {
namespace array_list_detail {

static constexpr uint64_t kListMagic = 0x112;
static constexpr uint32_t kTagV1 = 0xF993FAC8;
static constexpr uint32_t kTagV2 = 0xF993FAC9;
static constexpr uint32_t kTagV3 = 0xF993FACA;

enum StorageType : int { kDense = 0, kRowSparse = 1, kCsr = 2 };

// Elements that sparse arrays may have when they are made dense: embeddings grow much, but a few
// bytes must not ask for all memory.
struct DenseBudget {
  static constexpr int64_t kPerStoredElement = 4096;
  int64_t left = 1 << 20;  // of the whole list
};

class Reader {
 public:
  explicit Reader(Span<const unsigned char> bytes) : bytes_(bytes) {}

  size_t left() const { return bytes_.size() - at_; }
  const unsigned char* take(uint64_t count) {
    check(count <= left(), {"parameters: the file ends at byte ",
                            static_cast<uint64_t>(bytes_.size()), " inside of an array or a name"});
    const unsigned char* start = bytes_.data() + at_;
    at_ += static_cast<size_t>(count);
    return start;
  }
  // Little-endian, on any machine.
  uint64_t number(int size) {
    const unsigned char* start = take(static_cast<uint64_t>(size));
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; --i) value = value << 8 | start[i];
    return value;
  }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  int32_t i32() { return static_cast<int32_t>(u32()); }
  uint64_t u64() { return number(8); }
  // A count of things of at least `size` bytes each, so that it can be trusted.
  size_t count_of(uint64_t size) {
    const uint64_t count = u64();
    check(count <= left() / size, {"parameters: the file is too short for ", count, " entries"});
    return static_cast<size_t>(count);
  }

 private:
  Span<const unsigned char> bytes_;
  size_t at_ = 0;
};

// Values as they stand in the file.
struct Block {
  DType dtype = DType::kFloat32;
  size_t count = 0;
  const unsigned char* bytes = nullptr;
};

static Shape read_extents(Reader& reader, int64_t rank, int extent_size) {
  check(rank >= 0 && rank <= Shape::kMaxRank,
        {"parameters: an array of ", rank, " dimensions is not supported"});
  Shape shape({});
  for (int64_t i = 0; i < rank; ++i) {
    const uint64_t extent = reader.number(extent_size);
    check(extent <= static_cast<uint64_t>(Shape::kMaxElements),
          {"parameters: an array is too large (extent ", extent, ")"});
    shape.push(static_cast<int64_t>(extent));
  }
  return shape;
}

static Shape read_shape(Reader& reader) { return read_extents(reader, reader.i32(), 8); }

static int64_t count_elements(const Shape& shape) {
  const int64_t count = shape.product(0, shape.rank());
  check(count <= Shape::kMaxElements, {"parameters: the array ", shape, " is too large"});
  return count;
}

static DType read_dtype(Reader& reader) {
  const int32_t code = reader.i32();
  check(code >= 0 && code <= static_cast<int>(DType::kBfloat16),
        {"parameters: unknown element type ", code});
  return static_cast<DType>(code);
}

static Block read_block(Reader& reader, DType dtype, const Shape& shape) {
  const size_t count = static_cast<size_t>(count_elements(shape));
  const uint64_t bytes = static_cast<uint64_t>(count) * element_size(dtype);
  return {dtype, count, reader.take(bytes)};
}

static void to_floats(const Block& block, float* out) {
  convert_to_floats(block.dtype, block.bytes, block.count, out);
}

static int64_t index_at(const Block& block, size_t i) {
  int64_t index;
  check(block.dtype == DType::kInt64, {"parameters: the indices of a sparse array are not int64"});
  std::memcpy(&index, block.bytes + i * sizeof(index), sizeof(index));
  return index;
}

// Row indices[i] of `out` is row i of the stored values. out: (rows, width).
static void scatter_rows(const Block& indices, const float* values, int64_t rows, size_t width,
                         float* out) {
  for (size_t i = 0; i < indices.count; ++i) {
    const int64_t row = index_at(indices, i);
    check(row >= 0 && row < rows, {"parameters: a sparse array has no row ", row});
    std::memcpy(out + static_cast<size_t>(row) * width, values + i * width, width * sizeof(float));
  }
}

// Compressed rows: row r holds values starts[r]..starts[r+1]-1 in the columns given. out: (rows,
// width).
static void scatter_columns(const Block& starts, const Block& columns, const float* values,
                            const Shape& shape, float* out) {
  check(starts.count == static_cast<size_t>(shape[0]) + 1,
        {"parameters: a csr array has the wrong number of row starts"});
  int64_t at = 0;
  for (int64_t row = 0; row < shape[0]; ++row) {
    const int64_t end = index_at(starts, static_cast<size_t>(row) + 1);
    check(at <= end && end <= static_cast<int64_t>(columns.count),
          {"parameters: the row starts of a csr array are not in order"});
    for (; at < end; ++at) {
      const int64_t column = index_at(columns, static_cast<size_t>(at));
      check(column >= 0 && column < shape[1], {"parameters: a csr array has no column ", column});
      out[row * shape[1] + column] = values[at];
    }
  }
}

static Array make_dense(int storage_type, const Shape& shape, const Shape& storage_shape,
                        const Block& values, const Block* aux, DenseBudget* budget) {
  const int64_t stored = static_cast<int64_t>(values.count + aux[0].count);
  budget->left += stored * DenseBudget::kPerStoredElement - count_elements(shape);
  check(budget->left >= 0,
        {"parameters: the sparse array ", shape, " is nearly empty and too large to make dense"});
  Array array({shape, DType::kFloat32});
  Vector<float> floats(values.count);
  to_floats(values, floats.data());
  if (storage_type == kRowSparse) {
    const int64_t width = shape.product(1, shape.rank());
    check(values.count == aux[0].count * static_cast<size_t>(width),
          {"parameters: a row_sparse array ", shape, " stores values of shape ", storage_shape});
    scatter_rows(aux[0], floats.data(), shape[0], static_cast<size_t>(width),
                 array.buffer->floats());
  } else {
    check(shape.rank() == 2, {"parameters: a csr array has the shape ", shape});
    check(aux[1].count == values.count,
          {"parameters: a csr array has more or fewer values than columns"});
    scatter_columns(aux[0], aux[1], floats.data(), shape, array.buffer->floats());
  }
  return array;
}

static Array read_sparse(Reader& reader, int storage_type, DType* dtype, DenseBudget* budget) {
  const Shape storage_shape = read_shape(reader);
  const Shape shape = read_shape(reader);
  if (shape.rank() == 0) return {};
  reader.take(8);  // device
  *dtype = read_dtype(reader);
  const int aux_count = storage_type == kRowSparse ? 1 : 2;
  DType aux_dtype[2] = {DType::kInt64, DType::kInt64};
  Shape aux_shape[2];
  for (int i = 0; i < aux_count; ++i) {
    aux_dtype[i] = read_dtype(reader);
    aux_shape[i] = read_shape(reader);
  }
  const Block values = read_block(reader, *dtype, storage_shape);
  Block aux[2];
  for (int i = 0; i < aux_count; ++i) aux[i] = read_block(reader, aux_dtype[i], aux_shape[i]);
  return make_dense(storage_type, shape, storage_shape, values, aux, budget);
}

static Array read_array(Reader& reader, DType* dtype, DenseBudget* budget) {
  const uint32_t tag = reader.u32();
  if (tag == kTagV2 || tag == kTagV3) {
    const int32_t storage_type = reader.i32();
    check(storage_type == kDense ||
              (tag == kTagV2 && (storage_type == kRowSparse || storage_type == kCsr)),
          {"parameters: unknown storage type ", storage_type});
    if (storage_type != kDense) return read_sparse(reader, storage_type, dtype, budget);
  }
  const bool is_v0 = tag != kTagV1 && tag != kTagV2 && tag != kTagV3;
  const int64_t rank = is_v0 ? static_cast<int64_t>(tag) : reader.i32();
  const bool is_none = tag == kTagV3 ? rank == -1 : rank == 0;
  if (is_none) return {};
  Shape shape = read_extents(reader, rank, is_v0 ? 4 : 8);
  reader.take(8);  // device
  *dtype = read_dtype(reader);
  const Block values = read_block(reader, *dtype, shape);
  if (shape.rank() == 0) shape.push(1);  // a scalar; shapes here have at least one dimension
  if (values.count == 0) return {};
  Array array({shape, DType::kFloat32});
  to_floats(values, array.buffer->floats());
  return array;
}

}  // namespace array_list_detail

Vector<NamedArray> read_array_list(Span<const unsigned char> bytes) {
  array_list_detail::Reader reader(bytes);
  check(reader.left() >= 16 && reader.u64() == array_list_detail::kListMagic,
        {"parameters: this is not an MXNet parameter file"});
  reader.u64();  // reserved
  Vector<NamedArray> arrays(reader.count_of(4));
  array_list_detail::DenseBudget budget;
  for (NamedArray& named : arrays) {
    named.array = array_list_detail::read_array(reader, &named.dtype, &budget);
  }
  const size_t name_count = reader.count_of(8);
  check(name_count == 0 || name_count == arrays.size(),
        {"parameters: ", static_cast<uint64_t>(arrays.size()), " arrays, but ",
         static_cast<uint64_t>(name_count), " names"});
  for (size_t i = 0; i < name_count; ++i) {
    const uint64_t size = reader.u64();
    const unsigned char* text = reader.take(size);
    arrays[i].name.assign(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
  }
  return arrays;
}

}  // namespace predictor
