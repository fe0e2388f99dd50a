// Functions of square matrices: determinants, inverses, Cholesky factors, products with triangular
// matrices, and their diagonals and triangles. Matrices are the last two axes; those before them
// count how many there are. All computing is done in float64.
#include <cmath>
#include <utility>

#include "predictor/base/error.h"
#include "predictor/ops/operators.h"
#include "predictor/ops/plain_op.h"

namespace PREDICTOR_HIDDEN predictor {
namespace linalg_detail {

// Rows and columns of the matrices, which are square.
static int64_t order_of(const Shape& shape) {
  check(shape.rank() >= 2 && shape[shape.rank() - 1] == shape[shape.rank() - 2],
        {"the shape ", shape, " is not one of square matrices"});
  return shape[shape.rank() - 1];
}

// The shape without its last axes.
static Shape without(const Shape& shape, int axes) {
  Shape rest = Shape::of_rank(0);
  for (int i = 0; i < shape.rank() - axes; ++i) rest.push(shape[i]);
  return rest;
}

// Workspace for `count` matrices.
static size_t matrix_floats(const KernelRequest& request, int64_t count) {
  const int64_t order = order_of(request.inputs[0].shape);
  return static_cast<size_t>(count * order * order) * (sizeof(double) / sizeof(float));
}

// Turns `left` into a triangle, or the identity where there is a `right`, by operations on its
// rows, done to `right` as well: it becomes left^-1 * right. Returns the sign of the determinant,
// 0 if there is no inverse, and adds the logarithm of its size to *log_size. Both are (n, n).
static double eliminate(int64_t n, double* left, double* right, double* log_size) {
  double sign = 1;
  for (int64_t column = 0; column < n; ++column) {
    int64_t pivot = column;
    for (int64_t row = column + 1; row < n; ++row) {
      if (std::fabs(left[row * n + column]) > std::fabs(left[pivot * n + column])) pivot = row;
    }
    if (pivot != column) {
      sign = -sign;
      for (int64_t i = 0; i < n; ++i) {
        std::swap(left[pivot * n + i], left[column * n + i]);
        if (right) std::swap(right[pivot * n + i], right[column * n + i]);
      }
    }
    const double head = left[column * n + column];
    if (head < 0) sign = -sign;
    if (head == 0) sign = 0;
    *log_size += std::log(std::fabs(head));
    for (int64_t row = right ? 0 : column + 1; row < n; ++row) {
      if (row == column || head == 0) continue;
      const double factor = left[row * n + column] / head;
      for (int64_t i = 0; i < n; ++i) {
        left[row * n + i] -= factor * left[column * n + i];
        if (right) right[row * n + i] -= factor * right[column * n + i];
      }
    }
  }
  for (int64_t i = 0; i < n * n && right; ++i) right[i] /= left[i / n * (n + 1)];
  return sign;
}

// matrix becomes its inverse; spare: as large.
static void invert(int64_t n, double* matrix, double* spare) {
  for (int64_t i = 0; i < n * n; ++i) {
    spare[i] = matrix[i];
    matrix[i] = i % (n + 1) == 0 ? 1 : 0;
  }
  double unused = 0;
  eliminate(n, spare, matrix, &unused);
}

// The lower triangle l with l * l^T = in, zero above.
static void cholesky(int64_t n, const double* in, double* out) {
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double sum = in[i * n + j];
      for (int64_t k = 0; k < j && j <= i; ++k) sum -= out[i * n + k] * out[j * n + k];
      out[i * n + j] = j > i ? 0 : j == i ? std::sqrt(sum) : sum / out[j * n + j];
    }
  }
}

// One matrix in, and a matrix or one number of it out.
struct FunctionOfMatrix : PlainState {
  MatrixFunction function;

  bool is_matrix() const {
    return function >= MatrixFunction::kInverse && function <= MatrixFunction::kCholeskyInverse;
  }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    if (!inputs[0].is_known()) return;
    order_of(inputs[0]);
    Shape out = is_matrix() ? inputs[0] : without(inputs[0], 2);
    if (out.rank() == 0) out.push(1);
    for (Shape& output : outputs) merge_shape(output, out, "the output");
  }
  size_t workspace_floats(const KernelRequest& request) const { return matrix_floats(request, 2); }
  void run(const KernelRun& tensors) const {
    const Shape& shape = tensors.inputs[0].shape();
    const int64_t n = shape[shape.rank() - 1];
    const int64_t size = n * n;
    const int64_t count = shape.elements() / size;
    double* matrix = reinterpret_cast<double*>(tensors.workspace);
    double* spare = matrix + size;
    for (int64_t m = 0; m < count; ++m) {
      const float* in = tensors.inputs[0].floats() + m * size;
      for (int64_t i = 0; i < size; ++i) matrix[i] = static_cast<double>(in[i]);
      if (!is_matrix()) {
        write_number(n, matrix, tensors, m);
        continue;
      }
      const double* result = transform(n, matrix, spare);
      float* out = tensors.outputs[0].floats() + m * size;
      for (int64_t i = 0; i < size; ++i) out[i] = static_cast<float>(result[i]);
    }
  }

 private:
  // Leaves the result in either.
  const double* transform(int64_t n, double* matrix, double* spare) const {
    if (function == MatrixFunction::kCholesky) {
      cholesky(n, matrix, spare);
      return spare;
    }
    if (function == MatrixFunction::kCholeskyInverse) {  // of what it is the factor of
      for (int64_t i = 0; i < n * n; ++i) {
        double sum = 0;
        for (int64_t k = 0; k <= i / n && k <= i % n; ++k) {
          sum += matrix[i / n * n + k] * matrix[i % n * n + k];
        }
        spare[i] = sum;
      }
      std::swap(matrix, spare);
    }
    invert(n, matrix, spare);
    return matrix;
  }
  void write_number(int64_t n, double* matrix, const KernelRun& tensors, int64_t at) const {
    double sum = 0;
    if (function == MatrixFunction::kSumLog) {
      for (int64_t i = 0; i < n; ++i) sum += std::log(matrix[i * (n + 1)]);
    } else {
      const double sign = eliminate(n, matrix, nullptr, &sum);
      if (function == MatrixFunction::kDet) sum = sign == 0 ? 0 : sign * std::exp(sum);
      if (tensors.outputs.size() > 1) tensors.outputs[0].floats()[at] = static_cast<float>(sign);
    }
    tensors.outputs[tensors.outputs.size() - 1].floats()[at] = static_cast<float>(sum);
  }
};

// out = alpha * a * b, or alpha * b * a, with a triangle of the first input, transposed or not, or
// its inverse as a.
struct TriangularProduct : PlainState {
  bool is_inverse;
  bool is_transposed;
  bool is_right;
  bool is_lower;
  double alpha;

  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    share_shape({inputs.data() + 1, 1}, outputs);
    const Shape& a = inputs[0];
    const Shape& b = inputs[1];
    if (!a.is_known() || !b.is_known()) return;
    const int64_t order = order_of(a);
    const bool fits = b.rank() == a.rank() && without(b, 2) == without(a, 2) &&
                      b[b.rank() - (is_right ? 1 : 2)] == order;
    check(fits, {"the shapes ", a, " and ", b, " cannot be multiplied"});
  }
  size_t workspace_floats(const KernelRequest& request) const { return matrix_floats(request, 2); }
  void run(const KernelRun& tensors) const {
    const Shape& shape = tensors.outputs[0].shape();
    const int64_t rows = shape[shape.rank() - 2];
    const int64_t columns = shape[shape.rank() - 1];
    const int64_t n = is_right ? columns : rows;
    const int64_t count = shape.elements() / (rows * columns);
    double* triangle = reinterpret_cast<double*>(tensors.workspace);
    for (int64_t m = 0; m < count; ++m) {
      const float* a = tensors.inputs[0].floats() + m * n * n;
      for (int64_t i = 0; i < n * n; ++i) {
        const int64_t row = is_transposed ? i % n : i / n;
        const int64_t column = is_transposed ? i / n : i % n;
        const bool is_inside = is_lower ? column <= row : column >= row;
        triangle[i] = is_inside ? static_cast<double>(a[row * n + column]) : 0;
      }
      if (is_inverse) invert(n, triangle, triangle + n * n);
      const float* b = tensors.inputs[1].floats() + m * rows * columns;
      float* out = tensors.outputs[0].floats() + m * rows * columns;
      for (int64_t i = 0; i < rows * columns; ++i) {
        const int64_t row = i / columns;
        const int64_t column = i % columns;
        double sum = 0;
        for (int64_t k = 0; k < n; ++k) {
          sum += is_right ? static_cast<double>(b[row * columns + k]) * triangle[k * n + column]
                          : triangle[row * n + k] * static_cast<double>(b[k * columns + column]);
        }
        out[i] = static_cast<float>(alpha * sum);
      }
    }
  }
};

// The diagonal of a matrix, or its lower triangle row by row, or its upper one column by column, or
// the matrix that is zero elsewhere. offset: of the diagonal where the part begins, above 0 towards
// the right.
struct PartOfMatrix : PlainState {
  MatrixPart part;
  bool is_lower;
  int64_t offset;

  bool is_made() const { return part >= MatrixPart::kFromDiagonal; }
  bool is_triangle() const {
    return part == MatrixPart::kTriangle || part == MatrixPart::kFromTriangle;
  }
  // Elements of the part of an (order, order) matrix.
  int64_t part_size(int64_t order) const {
    const int64_t length = order - (offset < 0 ? -offset : offset);
    return is_triangle() ? length * (length + 1) / 2 : length;
  }
  bool is_inside(int64_t row, int64_t column) const {
    const int64_t distance = column - row - offset;
    return distance == 0 || (is_triangle() && (distance < 0) == is_lower);
  }
  void infer(Span<Shape> inputs, Span<Shape> outputs) const {
    const Shape& data = inputs[0];
    if (!data.is_known()) return;
    check(data.rank() >= (is_made() ? 1 : 2), {"the input has the shape ", data});
    Shape out = without(data, is_made() ? 1 : 2);
    if (is_made()) {
      const int64_t wanted = data[data.rank() - 1];
      int64_t order = offset < 0 ? 1 - offset : 1 + offset;
      if (!is_triangle()) order += wanted - 1;
      while (part_size(order) < wanted) ++order;
      check(part_size(order) == wanted, {"a triangle cannot have ", wanted, " elements"});
      out.push(order);
      out.push(order);
    } else {
      const int64_t size = part_size(order_of(data));
      check(size > 0, {"the offset ", offset, " is outside of ", data});
      out.push(size);
    }
    merge_shape(outputs[0], out, "the output");
  }
  void run(const KernelRun& tensors) const {
    const Tensor& matrices = is_made() ? tensors.outputs[0] : tensors.inputs[0];
    const Shape& shape = matrices.shape();
    const int64_t n = shape[shape.rank() - 1];
    const int64_t count = shape.elements();
    const float* in = tensors.inputs[0].floats();
    float* out = tensors.outputs[0].floats();
    for (int64_t i = 0; i < count; ++i) {
      const int64_t row = is_lower ? i / n % n : i % n;
      const int64_t column = is_lower ? i % n : i / n % n;
      const int64_t at = i / (n * n) * n * n + row * n + column;
      const bool is_part = is_inside(row, column);
      if (is_made()) out[at] = is_part ? *in++ : 0.0f;
      if (!is_made() && is_part) *out++ = in[at];
    }
  }
};

}  // namespace linalg_detail

Unique<Op> parse_matrix_function(Attributes& attributes, int variant) {
  attributes.finish();
  linalg_detail::FunctionOfMatrix op;
  op.function = static_cast<MatrixFunction>(variant);
  return plain_op(op, {"A", op.function == MatrixFunction::kLogDet ? size_t{2} : size_t{1}});
}

Unique<Op> parse_triangular_product(Attributes& attributes, int variant) {
  linalg_detail::TriangularProduct op;
  op.is_inverse = variant == 1;
  op.is_transposed = attributes.boolean("transpose", false);
  op.is_right = attributes.boolean("rightside", false);
  op.is_lower = attributes.boolean("lower", true);
  op.alpha = attributes.real("alpha", 1);
  attributes.finish();
  return plain_op(op, {"A B"});
}

Unique<Op> parse_matrix_part(Attributes& attributes, int variant) {
  linalg_detail::PartOfMatrix op;
  op.part = static_cast<MatrixPart>(variant);
  op.offset = attributes.integer("offset", 0);
  op.is_lower = op.is_triangle() && attributes.boolean("lower", true);
  attributes.finish();
  check(op.offset > -Shape::kMaxElements && op.offset < Shape::kMaxElements,
        {"the offset is ", op.offset});
  if (op.offset != 0) op.is_lower = op.offset < 0;
  return plain_op(op, {"A"});
}

}  // namespace predictor
