// Reads JSON text (RFC 8259) from front to back, without building a tree.
//
// The caller follows the text: begin_object, then next_key until it says no; for each key exactly
// one value. Whatever does not fit throws an Error with its line. Nesting is limited, so that a
// hostile text cannot exhaust the stack.
#pragma once

#include <cstddef>
#include <cstdint>

#include "predictor/base/containers.h"
#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

class JsonReader {
 public:
  static constexpr int kMaxDepth = 64;

  // `text` must outlive the reader. `what` names it in messages.
  JsonReader(TextView text, const char* what) : text_(text), what_(what) {}

  void begin_object();
  // False at the end of the innermost object, which is then closed.
  bool next_key(String* key);
  void begin_array();
  // False at the end of the innermost array, which is then closed. REQUIRES: the value is read
  // after each true.
  bool next_element();
  String read_string();
  int64_t read_integer();
  void skip_value();
  // Nothing but blanks may follow.
  void expect_end();
  // Throws an Error with the place.
  [[noreturn]] void fail_here(TextView message) const;

 private:
  char peek();
  char take();
  void expect(char wanted);
  void enter(char bracket);
  bool next_item(char bracket);
  uint32_t read_hex4();
  void append_escape(String* out);
  void skip_scalar();

  TextView text_;
  const char* what_;
  size_t at_ = 0;
  int depth_ = 0;
  bool is_first_[kMaxDepth] = {};  // per open bracket: nothing was read in it yet
};

}  // namespace predictor
