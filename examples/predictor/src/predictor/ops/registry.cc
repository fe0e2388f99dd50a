#include "predictor/ops/registry.h"

#include "predictor/ops/alias_rows.h"
#include "predictor/ops/operator_rows.h"

// A pointer costs a relocation, three times its own size, when it is in a shared library. The rows
// are therefore packed while this file is compiled: names into one text, each parser once.
namespace PREDICTOR_HIDDEN predictor {
namespace registry_detail {

static constexpr size_t kOperatorCount = sizeof(kOperators) / sizeof(kOperators[0]);
static constexpr size_t kAliasCount = sizeof(kAliases) / sizeof(kAliases[0]);

static constexpr bool is_before(const char* a, const char* b) {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a < *b;
}
template <typename Row, size_t kCount>
static constexpr bool is_sorted(const Row (&rows)[kCount]) {
  for (size_t i = 1; i < kCount; ++i) {
    if (!is_before(rows[i - 1].name, rows[i].name)) return false;
  }
  return true;
}
static_assert(is_sorted(kOperators) && is_sorted(kAliases), "Names::find searches by halving");

template <typename Row, size_t kCount>
static constexpr size_t text_size(const Row (&rows)[kCount]) {
  size_t size = 0;
  for (const Row& row : rows) {
    for (const char* at = row.name; *at != 0; ++at) ++size;
  }
  return size;
}

// The names of rows, one behind the other.
template <size_t kCount, size_t kTextSize>
struct Names {
  char text[kTextSize] = {};
  uint16_t starts[kCount + 1] = {};

  template <typename Row>
  constexpr explicit Names(const Row (&rows)[kCount]) {
    uint16_t size = 0;
    for (size_t i = 0; i < kCount; ++i) {
      for (const char* at = rows[i].name; *at != 0; ++at) text[size++] = *at;
      starts[i + 1] = size;
    }
  }

  // kCount if there is no such name.
  size_t find(TextView name) const {
    size_t first = 0;
    size_t last = kCount;
    while (first < last) {
      const size_t middle = (first + last) / 2;
      const size_t start = starts[middle];
      const int order = compare(name, TextView(text + start, starts[middle + 1] - start));
      if (order == 0) return middle;
      if (order < 0) {
        last = middle;
      } else {
        first = middle + 1;
      }
    }
    return kCount;
  }
};

static constexpr size_t parser_count() {
  size_t count = 0;
  for (size_t i = 0; i < kOperatorCount; ++i) {
    size_t first = 0;
    while (kOperators[first].parse != kOperators[i].parse) ++first;
    if (first == i) ++count;
  }
  return count;
}

struct Parsers {
  ParseFunction functions[parser_count()] = {};
  uint8_t indices[kOperatorCount] = {};  // per operator
  int16_t variants[kOperatorCount] = {};

  constexpr Parsers() {
    size_t count = 0;
    for (size_t i = 0; i < kOperatorCount; ++i) {
      size_t index = 0;
      while (index < count && functions[index] != kOperators[i].parse) ++index;
      if (index == count) functions[count++] = kOperators[i].parse;
      indices[i] = static_cast<uint8_t>(index);
      variants[i] = static_cast<int16_t>(kOperators[i].variant);
    }
  }
};
static_assert(parser_count() <= 256, "Parsers::indices are bytes");

// Per alias, the operator.
struct Meanings {
  uint16_t operators[kAliasCount] = {};

  constexpr Meanings() {
    for (size_t i = 0; i < kAliasCount; ++i) {
      size_t last = kOperatorCount;
      while (is_before(kAliases[i].meaning, kOperators[last - 1].name)) --last;
      // does not compile if the alias means no operator
      if (is_before(kOperators[last - 1].name, kAliases[i].meaning)) throw kAliases[i].meaning;
      operators[i] = static_cast<uint16_t>(last - 1);
    }
  }
};

static constexpr Names<kOperatorCount, text_size(kOperators)> kOperatorNames(kOperators);
static constexpr Names<kAliasCount, text_size(kAliases)> kAliasNames(kAliases);
static constexpr Parsers kParsers;
static constexpr Meanings kMeanings;

static size_t find_operator(TextView name) {
  const size_t alias = kAliasNames.find(name);
  if (alias < kAliasCount) return kMeanings.operators[alias];
  return kOperatorNames.find(name);
}

}  // namespace registry_detail

Parser find_parser(TextView name) {
  using registry_detail::kParsers;
  size_t found = registry_detail::find_operator(name);
  // a duplicate for sparse tensors, which are dense here
  const TextView sparse = "_sparse_";
  if (found == registry_detail::kOperatorCount && starts_with(name, sparse)) {
    found = registry_detail::find_operator(name.part(sparse.size()));
  }
  if (found == registry_detail::kOperatorCount) return {};
  return {kParsers.functions[kParsers.indices[found]], kParsers.variants[found]};
}

}  // namespace predictor
