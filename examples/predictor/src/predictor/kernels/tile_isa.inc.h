// The one inner loop of all matrix products: a block of kTileRows rows and kTileVectors vectors of
// results stays in registers while the common dimension is walked. Everything else in these files
// brings data into the order that this loop reads.

namespace PREDICTOR_HIDDEN predictor {
namespace PREDICTOR_ISA_NAMESPACE {

static constexpr int kTileColumns = kTileVectors * kLanes;

// Length of the common dimension after which partial results go to memory: the panels of one block
// then stay in the caches.
static constexpr int kDepthBlock = 256;

// Vectors that hold one column of results.
static constexpr int kTileHeight = (kTileRows + kLanes - 1) / kLanes;

// c[r][j] = (first ? bias[r] + column_bias[j] + residual[r][j] : c[r][j]) + sum over k of a[k][r] *
// b[k][j], activated if `last`.
struct Tile {
  const float* a;  // packed (depth, kTileRows), rows beyond `rows` are zero; or (depth), for a tile
                   // of one row
  const float* b;  // (depth, columns) with b_stride floats from row to row; whole vectors are read
  ptrdiff_t b_stride;
  const float* extra;  // (depth), kTileColumns floats apart: the column after the last whole
                       // vector, see below
  float* c;            // (rows, columns) with c_stride
  ptrdiff_t c_stride;
  const float* bias;         // (rows) or null
  const float* column_bias;  // (columns) or null
  const float* residual;     // (rows, columns) with c_stride, or null; may be c
  const Epilogue* epilogue;  // for its activation
  int depth;
  int rows;     // 0 < rows <= kTileRows
  int columns;  // 0 < columns <= kTileColumns, or kTileColumns + 1 with `extra`
  bool first;   // whether this is the first block of the common dimension
  bool last;    // and the last
};

// What is in row r, vector v before the sum, see Tile.
PREDICTOR_KERNEL_INLINE Vec tile_start(const Tile& tile, int r, int v) {
  const int left = tile.columns - v * kLanes;
  const ptrdiff_t at = r * tile.c_stride + v * kLanes;
  if (!tile.first) return load_some(tile.c + at, left);
  Vec start = broadcast(tile.bias != nullptr ? tile.bias[r] : 0.0f);
  if (tile.column_bias != nullptr)
    start = add(start, load_some(tile.column_bias + v * kLanes, left));
  if (tile.residual != nullptr) start = add(start, load_some(tile.residual + at, left));
  return start;
}

// Stores row r, vector v: its sum, with what was there before and the activation.
PREDICTOR_KERNEL_INLINE void finish_vector(const Tile& tile, int r, int v, Vec sum) {
  Vec result = add(tile_start(tile, r, v), sum);
  if (tile.last) result = activated(result, *tile.epilogue);
  store_some(tile.c + r * tile.c_stride + v * kLanes, result, tile.columns - v * kLanes);
}

// Stores all of a tile. sums: (rows, vectors * kLanes). One copy of this code, not one per
// register, serves all sizes of tiles; next to the walk along the depth its time does not show.
PREDICTOR_KERNEL void finish_tile(const Tile& tile, int vectors, const float* sums) {
  for (int r = 0; r < tile.rows; ++r) {
    for (int v = 0; v < vectors; ++v, sums += kLanes) finish_vector(tile, r, v, load(sums));
  }
}

// REQUIRES: (kVectors - 1) * kLanes < tile.columns <= kVectors * kLanes; tile.rows <= kRows; kRows
// is kTileRows or 1. With kHasExtra there is one column more, which does not cost another vector
// per row: its results are one vector over the rows. (An image of 7 x 7 has 49 = 48 + 1 windows.)
// Then kRows is kTileRows, and kLanes floats after the end of `a` are read.
template <int kRows, int kVectors, bool kHasExtra>
PREDICTOR_KERNEL void multiply_tile(const Tile& tile) {
  Vec sums[kRows][kVectors];
  PREDICTOR_UNROLL
  for (int r = 0; r < kRows; ++r) {
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) sums[r][v] = broadcast(0.0f);
  }
  Vec extra_sums[kTileHeight];
  PREDICTOR_UNROLL
  for (int h = 0; h < kTileHeight; ++h) extra_sums[h] = broadcast(0.0f);
  const float* extra = tile.extra;
  const float* a = tile.a;
  const float* b = tile.b;
  const ptrdiff_t b_stride = tile.b_stride;
  for (int k = tile.depth; k > 0; --k) {
    Vec columns[kVectors];
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) columns[v] = load(b + v * kLanes);
    PREDICTOR_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const Vec row = broadcast(a[r]);
      PREDICTOR_UNROLL
      for (int v = 0; v < kVectors; ++v) sums[r][v] = multiply_add(row, columns[v], sums[r][v]);
    }
    if (kHasExtra) {
      const Vec element = broadcast(*extra);
      PREDICTOR_UNROLL
      for (int h = 0; h < kTileHeight; ++h) {
        extra_sums[h] = multiply_add(load(a + h * kLanes), element, extra_sums[h]);
      }
      extra += kTileColumns;
    }
    a += kRows;
    b += b_stride;
  }
  float results[kRows * kVectors * kLanes];
  PREDICTOR_UNROLL
  for (int r = 0; r < kRows; ++r) {
    PREDICTOR_UNROLL
    for (int v = 0; v < kVectors; ++v) store(results + (r * kVectors + v) * kLanes, sums[r][v]);
  }
  finish_tile(tile, kVectors, results);
  if (kHasExtra) {
    float lanes[kTileHeight * kLanes];
    for (int h = 0; h < kTileHeight; ++h) store(lanes + h * kLanes, extra_sums[h]);
    for (int r = 0; r < tile.rows; ++r) finish_vector(tile, r, kVectors, broadcast(lanes[r]));
  }
}

template <int kRows>
PREDICTOR_KERNEL void multiply_tile_of_rows(const Tile& tile) {
  if (tile.columns > kTileColumns) {
    return multiply_tile<kRows, kTileVectors, kRows == kTileRows>(tile);
  }
  switch ((tile.columns + kLanes - 1) / kLanes) {
    case 1:
      return multiply_tile<kRows, 1, false>(tile);
    case 2:
      return multiply_tile<kRows, 2, false>(tile);
#if PREDICTOR_ISA != PREDICTOR_ISA_SIMD128
    case 3:
      return multiply_tile<kRows, 3, false>(tile);
#endif
#if PREDICTOR_ISA == PREDICTOR_ISA_PLAIN
    case 4:
      return multiply_tile<kRows, 4, false>(tile);
#endif
    default:
      return;
  }
}

}  // namespace PREDICTOR_ISA_NAMESPACE
}  // namespace predictor
