#include "predictor/ops/attributes.h"

#include "predictor/base/error.h"
#include "predictor/formats/attribute_value.h"

namespace PREDICTOR_HIDDEN predictor {
namespace attributes_detail {

[[noreturn]] static void fail_value(const char* key, TextView value, TextView expected) {
  fail({"attribute '", key, "' is '", value, "', but should be ", expected});
}

static bool is_hidden(TextView key) {
  return key.size() > 4 && starts_with(key, "__") && ends_with(key, "__");
}

// Every extent and index of a tensor fits 32 bits; larger numbers would only overflow later.
static bool fits(int64_t value) { return value >= INT32_MIN && value <= INT32_MAX; }

static bool parse_short_tuple(TextView text, bool allows_none, Vector<int64_t>* values) {
  if (!parse_tuple(text, allows_none, values)) return false;
  for (const int64_t value : *values) {
    if (!fits(value) && value != kNoneItem) return false;
  }
  return true;
}

}  // namespace attributes_detail

Attributes::Attributes(Span<const SymbolAttribute> attributes, size_t input_count)
    : attributes_(attributes), input_count_(input_count) {}

const String* Attributes::find(const char* key) {
  known_.push_back(key);
  for (const SymbolAttribute& attribute : attributes_) {
    if (attribute.key == key) return &attribute.value;
  }
  return nullptr;
}

bool Attributes::has(const char* key) { return find(key) != nullptr; }

bool Attributes::is_given(const char* key) {
  const String* value = find(key);
  return value != nullptr && *value != "None";
}

int64_t Attributes::integer(const char* key) {
  const String* text = find(key);
  check(text != nullptr, {"attribute '", key, "' is missing"});
  int64_t value = 0;
  if (!parse_integer(*text, &value) || !attributes_detail::fits(value)) {
    attributes_detail::fail_value(key, *text, "an integer");
  }
  return value;
}

int64_t Attributes::integer(const char* key, int64_t otherwise) {
  return is_given(key) ? integer(key) : otherwise;
}

double Attributes::real(const char* key) {
  const String* text = find(key);
  check(text != nullptr, {"attribute '", key, "' is missing"});
  double value = 0;
  if (!parse_real(*text, &value)) attributes_detail::fail_value(key, *text, "a number");
  return value;
}

double Attributes::real(const char* key, double otherwise) {
  return is_given(key) ? real(key) : otherwise;
}

bool Attributes::boolean(const char* key, bool otherwise) {
  const String* text = find(key);
  if (text == nullptr) return otherwise;
  bool value = false;
  if (!parse_boolean(*text, &value)) {
    attributes_detail::fail_value(key, *text, "True, False, 1 or 0");
  }
  return value;
}

Vector<int64_t> Attributes::tuple(const char* key) {
  Vector<int64_t> values;
  if (!is_given(key)) return values;
  const String& text = *find(key);
  if (!attributes_detail::parse_short_tuple(text, false, &values)) {
    attributes_detail::fail_value(key, text, "a tuple of integers");
  }
  return values;
}

Vector<double> Attributes::reals(const char* key) {
  Vector<double> values;
  if (!is_given(key)) return values;
  const String& text = *find(key);
  if (!parse_reals(text, &values)) attributes_detail::fail_value(key, text, "a tuple of numbers");
  return values;
}

Vector<int64_t> Attributes::tuple_with_none(const char* key) {
  Vector<int64_t> values;
  if (!is_given(key)) return values;
  const String& text = *find(key);
  if (!attributes_detail::parse_short_tuple(text, true, &values)) {
    attributes_detail::fail_value(key, text, "a tuple of integers or None");
  }
  return values;
}

int Attributes::choice(const char* key, std::initializer_list<const char*> names, int otherwise) {
  const String* text = find(key);
  if (text == nullptr) return otherwise;
  int index = 0;
  String expected = "one of";
  for (const char* name : names) {
    if (*text == name) return index;
    append_text(expected, index == 0 ? " " : ", ");
    append_text(expected, name);
    ++index;
  }
  attributes_detail::fail_value(key, *text, expected);
}

void Attributes::ignore(std::initializer_list<const char*> keys) {
  for (const char* key : keys) known_.push_back(key);
}

void Attributes::finish() {
  for (const SymbolAttribute& attribute : attributes_) {
    bool is_known = attributes_detail::is_hidden(attribute.key);
    for (const char* key : known_) is_known = is_known || attribute.key == key;
    if (is_known) continue;
    String listed;
    for (size_t i = 0; i < known_.size(); ++i) {
      bool is_first = true;
      for (size_t j = 0; j < i; ++j) is_first = is_first && TextView(known_[i]) != known_[j];
      if (!is_first) continue;
      if (!listed.empty()) append_text(listed, ", ");
      append_text(listed, known_[i]);
    }
    fail({"attribute '", attribute.key,
          "' is unknown; known are: ", TextView(listed.empty() ? "none" : listed.c_str())});
  }
}

}  // namespace predictor
