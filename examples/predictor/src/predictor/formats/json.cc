#include "predictor/formats/json.h"

#include "predictor/base/error.h"
#include "predictor/formats/attribute_value.h"

namespace PREDICTOR_HIDDEN predictor {
namespace json_detail {

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void append_utf8(uint32_t code, String* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  const int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = following == 1 ? 0xC0 : following == 2 ? 0xE0 : 0xF0;
  out->push_back(static_cast<char>(lead | code >> (6 * following)));
  for (int i = following - 1; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | (code >> (6 * i) & 0x3F)));
  }
}

}  // namespace json_detail

void JsonReader::fail_here(TextView message) const {
  size_t line = 1;
  for (size_t i = 0; i < at_ && i < text_.size(); ++i) line += text_[i] == '\n';
  fail({what_, ", line ", static_cast<uint64_t>(line), ": ", message});
}

// The next character that is not blank; 0 at the end.
char JsonReader::peek() {
  while (at_ < text_.size() && json_detail::is_blank(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

// The next character as it is. Throws at the end.
char JsonReader::take() {
  if (at_ >= text_.size()) fail_here("the text ends inside of a value");
  return text_[at_++];
}

void JsonReader::expect(char wanted) {
  if (peek() != wanted) {
    if (at_ >= text_.size()) fail_here("the text ends inside of a value");
    fail_here(concat({"'", TextView(&wanted, 1), "' expected"}));
  }
  ++at_;
}

void JsonReader::enter(char bracket) {
  expect(bracket);
  if (depth_ == kMaxDepth) fail_here("nested too deeply");
  is_first_[depth_++] = true;
}

// Moves past the comma to the next item, or past the closing bracket: false.
bool JsonReader::next_item(char bracket) {
  const bool is_first = is_first_[depth_ - 1];
  is_first_[depth_ - 1] = false;
  if (peek() == bracket) {
    ++at_;
    --depth_;
    return false;
  }
  if (!is_first) expect(',');
  return true;
}

void JsonReader::begin_object() { enter('{'); }

bool JsonReader::next_key(String* key) {
  if (!next_item('}')) return false;
  *key = read_string();
  expect(':');
  return true;
}

void JsonReader::begin_array() { enter('['); }

bool JsonReader::next_element() { return next_item(']'); }

String JsonReader::read_string() {
  expect('"');
  String out;
  for (;;) {
    const char c = take();
    if (c == '"') return out;
    if (static_cast<unsigned char>(c) < 0x20) fail_here("a control character inside of a string");
    if (c == '\\') {
      append_escape(&out);
    } else {
      out.push_back(c);
    }
  }
}

uint32_t JsonReader::read_hex4() {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = take();
    const bool is_digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit && (lower < 'a' || lower > 'f')) fail_here("four hexadecimal digits expected");
    code = code << 4 | static_cast<uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
  }
  return code;
}

void JsonReader::append_escape(String* out) {
  const char c = take();
  static constexpr char kNames[] = "\"\\/bfnrt";
  static constexpr char kMeanings[] = "\"\\/\b\f\n\r\t";
  for (size_t i = 0; i + 1 < sizeof(kNames); ++i) {
    if (c == kNames[i]) return out->push_back(kMeanings[i]);
  }
  if (c != 'u') fail_here("unknown escape in a string");
  uint32_t code = read_hex4();
  const bool is_high = code >= 0xD800 && code < 0xDC00;
  if (is_high) {
    if (take() != '\\' || take() != 'u') fail_here("half of a surrogate pair");
    const uint32_t low = read_hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail_here("half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code < 0xE000) {
    fail_here("half of a surrogate pair");
  }
  json_detail::append_utf8(code, out);
}

int64_t JsonReader::read_integer() {
  peek();
  const size_t start = at_;
  while (at_ < text_.size() && (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9'))) {
    ++at_;
  }
  int64_t value = 0;
  if (!parse_integer(text_.part(start, at_ - start), &value)) fail_here("a whole number expected");
  return value;
}

// A number, true, false or null; only their alphabet is checked, nothing reads them.
void JsonReader::skip_scalar() {
  const size_t start = at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool is_word = (c >= 'a' && c <= 'z') || c == 'E' || (c >= '0' && c <= '9') || c == '-' ||
                         c == '+' || c == '.';
    if (!is_word) break;
    ++at_;
  }
  if (at_ == start) fail_here("a value expected");
}

void JsonReader::skip_value() {
  const char c = peek();
  if (c == '"') {
    read_string();
  } else if (c == '{') {
    begin_object();
    for (String key; next_key(&key);) skip_value();
  } else if (c == '[') {
    begin_array();
    while (next_element()) skip_value();
  } else {
    skip_scalar();
  }
}

void JsonReader::expect_end() {
  peek();
  if (at_ < text_.size()) fail_here("text after the end");
}

}  // namespace predictor
