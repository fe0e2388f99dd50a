#include "predictor/formats/attribute_value.h"

#include <cmath>

#include "predictor/formats/decimal.h"

namespace PREDICTOR_HIDDEN predictor {
namespace attribute_value_detail {

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static TextView trimmed(TextView text) {
  size_t first = 0;
  size_t last = text.size();
  while (first < last && is_blank(text[first])) ++first;
  while (last > first && is_blank(text[last - 1])) --last;
  return text.part(first, last - first);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// `word` is in lower case.
static bool equals_ignoring_case(TextView text, const char* word) {
  for (const char c : text) {
    if (*word == '\0' || lower(c) != *word++) return false;
  }
  return *word == '\0';
}

// One item of a tuple, already trimmed.
static bool parse_item(TextView text, bool allows_none, int64_t* value) {
  if (allows_none && text == "None") {
    *value = kNoneItem;
    return true;
  }
  const bool has_suffix = text.size() > 1 && text[text.size() - 1] == 'L';
  return parse_integer(has_suffix ? text.part(0, text.size() - 1) : text, value);
}

// What stands between the commas of (a, b) or [a, b,], or a bare value.
static bool split_tuple(TextView text, Vector<TextView>* items) {
  text = trimmed(text);
  if (text.empty()) return false;
  const bool is_round = text[0] == '(';
  if (!is_round && text[0] != '[') {
    items->push_back(text);
    return true;
  }
  if (text.size() < 2 || text[text.size() - 1] != (is_round ? ')' : ']')) return false;
  TextView rest = trimmed(text.part(1, text.size() - 2));
  while (!rest.empty()) {
    size_t comma = 0;
    while (comma < rest.size() && rest[comma] != ',') ++comma;
    const TextView item = trimmed(rest.part(0, comma));
    items->push_back(item);
    rest = trimmed(rest.part(comma < rest.size() ? comma + 1 : comma));
  }
  return true;
}

}  // namespace attribute_value_detail

bool parse_integer(TextView text, int64_t* value) {
  text = attribute_value_detail::trimmed(text);
  const bool is_negative = !text.empty() && text[0] == '-';
  const bool has_sign = is_negative || (!text.empty() && text[0] == '+');
  if (text.size() == (has_sign ? 1u : 0u)) return false;
  int64_t result = 0;
  for (const char c : text.part(has_sign)) {
    if (c < '0' || c > '9' || result > (INT64_MAX - 9) / 10) return false;
    result = result * 10 + (c - '0');
  }
  *value = is_negative ? -result : result;
  return true;
}

bool parse_real(TextView text, double* value) {
  text = attribute_value_detail::trimmed(text);
  if (text.empty()) return false;
  const TextView magnitude = text.part(text[0] == '-' || text[0] == '+');
  const bool is_infinite = attribute_value_detail::equals_ignoring_case(magnitude, "inf") ||
                           attribute_value_detail::equals_ignoring_case(magnitude, "infinity");
  if (is_infinite || attribute_value_detail::equals_ignoring_case(magnitude, "nan")) {
    const double unsigned_value = is_infinite ? HUGE_VAL : NAN;
    *value = text[0] == '-' ? -unsigned_value : unsigned_value;
    return true;
  }
  const bool has_suffix = text[text.size() - 1] == 'f';
  return parse_decimal(text.part(0, text.size() - has_suffix), value);
}

bool parse_boolean(TextView text, bool* value) {
  text = attribute_value_detail::trimmed(text);
  *value = text == "1" || attribute_value_detail::equals_ignoring_case(text, "true");
  return *value || text == "0" || attribute_value_detail::equals_ignoring_case(text, "false");
}

bool parse_tuple(TextView text, bool allows_none, Vector<int64_t>* values) {
  values->clear();
  Vector<TextView> items;
  if (!attribute_value_detail::split_tuple(text, &items)) return false;
  for (const TextView item : items) {
    int64_t value = 0;
    if (!attribute_value_detail::parse_item(item, allows_none, &value)) return false;
    values->push_back(value);
  }
  return true;
}

bool parse_reals(TextView text, Vector<double>* values) {
  values->clear();
  Vector<TextView> items;
  if (!attribute_value_detail::split_tuple(text, &items)) return false;
  for (const TextView item : items) {
    values->push_back(0);
    if (!parse_real(item, &values->back())) return false;
  }
  return true;
}

}  // namespace predictor
