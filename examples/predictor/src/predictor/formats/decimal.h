// Decimal numbers as text.
//
// strtod reads what the host program's locale says, so that "0.5" is no number for a German one.
#pragma once

#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

// The double nearest to -1.5, .5, 3. or 1e-05; of two equally near ones the even one. False if the
// text is nothing of the kind or longer than 400 characters, or if its value is no float: nearer to
// zero than FLT_MIN, zero aside, or so large that it rounds to infinity.
bool parse_decimal(TextView text, double* value);

}  // namespace predictor
