// All operators by name.
#pragma once

#include "predictor/ops/op.h"

namespace PREDICTOR_HIDDEN predictor {

// Reads the attributes of an operator.
struct Parser {
  ParseFunction function = nullptr;
  int variant = 0;
};

// The parser of the operator of that name or alias; without a function if there is none.
Parser find_parser(TextView name);

}  // namespace predictor
