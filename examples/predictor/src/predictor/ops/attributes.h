// The attributes of one node as an operator's parser reads them.
//
// Every getter marks its key as known. finish() throws for keys that nobody asked for; hidden keys
// (__x__) and those that MXNet tolerates on any operator are passed over. A value outside the
// grammar throws an Error that names the key, the value and what was expected.
#pragma once

#include <initializer_list>

#include "predictor/base/containers.h"
#include "predictor/base/span.h"
#include "predictor/base/text.h"
#include "predictor/formats/symbol.h"

namespace PREDICTOR_HIDDEN predictor {

class Attributes {
 public:
  // `attributes` must outlive this object. input_count: of the node in the file, for operators that
  // take any number.
  Attributes(Span<const SymbolAttribute> attributes, size_t input_count);

  size_t input_count() const { return input_count_; }
  bool has(const char* key);
  // Present and not None.
  bool is_given(const char* key);

  // With a default, a missing key (or None, but for a boolean) gives the default; without one it is
  // an error.
  int64_t integer(const char* key);
  int64_t integer(const char* key, int64_t otherwise);
  double real(const char* key);
  double real(const char* key, double otherwise);
  bool boolean(const char* key, bool otherwise);
  // Missing or None: an empty vector.
  Vector<int64_t> tuple(const char* key);
  Vector<double> reals(const char* key);
  // Elements may be None (kNoneItem).
  Vector<int64_t> tuple_with_none(const char* key);
  // Index of the value among `names`, case-sensitive; `otherwise` if missing.
  int choice(const char* key, std::initializer_list<const char*> names, int otherwise);
  // Marks keys that change nothing at inference (workspace, cudnn_tune, grad_scale, ...).
  void ignore(std::initializer_list<const char*> keys);
  // Throws for the first key that is unknown, with the keys that are known.
  void finish();

 private:
  const String* find(const char* key);

  Span<const SymbolAttribute> attributes_;
  size_t input_count_;
  Vector<const char*> known_;
};

}  // namespace predictor
