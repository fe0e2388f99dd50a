// The one exception of the library: a message for the user of the C API.
//
// A message says what is wrong and where: names in single quotes, shapes as (1, 3, 224, 224), no
// full stop. Callers that know more (the node, the file) put it in front and throw again.
#pragma once

#include <exception>

#include "predictor/base/containers.h"
#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

class Error : public std::exception {
 public:
  explicit Error(String message) : message_(std::move(message)) {}
  const char* what() const noexcept override;

 private:
  String message_;
};

// Throws an Error with the pieces as its message: fail({"node '", name, "' is unknown"}).
[[noreturn]] void fail(std::initializer_list<Piece> pieces);

// The pieces are composed only if the condition is false.
inline void check(bool condition, std::initializer_list<Piece> pieces) {
  if (!condition) fail(pieces);
}

}  // namespace predictor
