#include "predictor/base/error.h"

namespace PREDICTOR_HIDDEN predictor {

const char* Error::what() const noexcept { return message_.c_str(); }

void fail(std::initializer_list<Piece> pieces) { throw Error(concat(pieces)); }

}  // namespace predictor
