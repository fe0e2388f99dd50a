#include "predictor/ops/registry.h"

#include <utility>

#include "predictor/ops/alias_rows.h"
#include "predictor/ops/math_rows.h"
#include "predictor/ops/operator_rows.h"

// A pointer costs a relocation, three times its own size, when it is in a shared library. The rows
// are therefore packed while this file is compiled, the names put into one text, and the parsers
// into code.
namespace PREDICTOR_HIDDEN predictor {
namespace registry_detail {

static constexpr size_t kOperatorCount = sizeof(kOperators) / sizeof(kOperators[0]);
static constexpr size_t kMathCount = sizeof(kMath) / sizeof(kMath[0]);
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
static_assert(is_sorted(kOperators) && is_sorted(kMath) && is_sorted(kAliases),
              "Names::find searches by halving");

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

// The parser of a row of kOperators.
template <size_t... kRows>
static ParseFunction parser_of(size_t row, std::index_sequence<kRows...>) {
  ParseFunction parser = nullptr;
  static_cast<void>(((row == kRows && (parser = kOperators[kRows].parse, true)) || ...));
  return parser;
}

struct Variants {
  int8_t numbers[kOperatorCount] = {};

  constexpr Variants() {
    for (size_t i = 0; i < kOperatorCount; ++i) {
      numbers[i] = static_cast<int8_t>(kOperators[i].variant);
    }
  }
};

struct Math {
  MathFamily families[kMathCount] = {};
  int16_t variants[kMathCount] = {};

  constexpr Math() {
    for (size_t i = 0; i < kMathCount; ++i) {
      families[i] = kMath[i].family;
      variants[i] = static_cast<int16_t>(kMath[i].variant);
    }
  }
};

// kCount if there is no such name.
template <typename Row, size_t kCount>
static constexpr size_t index_of(const char* name, const Row (&rows)[kCount]) {
  size_t index = 0;
  while (index < kCount && is_before(rows[index].name, name)) ++index;
  return index < kCount && !is_before(name, rows[index].name) ? index : kCount;
}

// Per alias, the number of the operator: those of arithmetic follow upon the others.
struct Meanings {
  uint16_t operators[kAliasCount] = {};

  constexpr Meanings() {
    for (size_t i = 0; i < kAliasCount; ++i) {
      const char* meaning = kAliases[i].meaning;
      size_t found = index_of(meaning, kOperators);
      if (found == kOperatorCount) found += index_of(meaning, kMath);
      // does not compile if the alias means no operator
      if (found == kOperatorCount + kMathCount) throw meaning;
      operators[i] = static_cast<uint16_t>(found);
    }
  }
};

static constexpr Names<kOperatorCount, text_size(kOperators)> kOperatorNames(kOperators);
static constexpr Names<kMathCount, text_size(kMath)> kMathNames(kMath);
static constexpr Names<kAliasCount, text_size(kAliases)> kAliasNames(kAliases);
static constexpr Variants kVariants;
static constexpr Math kPackedMath;
static constexpr Meanings kMeanings;

static Parser find_parser(TextView name) {
  const size_t alias = kAliasNames.find(name);
  const bool is_alias = alias < kAliasCount;
  size_t found = is_alias ? kMeanings.operators[alias] : kOperatorNames.find(name);
  if (found < kOperatorCount) {
    return {parser_of(found, std::make_index_sequence<kOperatorCount>()), kVariants.numbers[found]};
  }
  found = is_alias ? found - kOperatorCount : kMathNames.find(name);
  if (found == kMathCount) return {};
  return {kMathParsers[kPackedMath.families[found]], kPackedMath.variants[found]};
}

}  // namespace registry_detail

Parser find_parser(TextView name) {
  Parser parser = registry_detail::find_parser(name);
  // a duplicate for sparse tensors, which are dense here
  const TextView sparse = "_sparse_";
  if (!parser.function && starts_with(name, sparse)) {
    parser = registry_detail::find_parser(name.part(sparse.size()));
  }
  return parser;
}

}  // namespace predictor
