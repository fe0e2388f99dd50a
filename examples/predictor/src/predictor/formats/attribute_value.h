// The values that operator attributes take in a symbol file: text in MXNet's grammar.
//
// Each function is true if the whole text, blanks around it aside, is such a value.
#pragma once

#include <cstdint>

#include "predictor/base/containers.h"
#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

// Decimal: 3, -1. Not 4.0, 0x4 or 4L.
bool parse_integer(TextView text, int64_t* value);

// Decimal or with an exponent, inf, nan, one `f` may follow. False if it is too large or too small
// for a float, except for zero.
bool parse_real(TextView text, double* value);

// true, false in any case; 1, 0.
bool parse_boolean(TextView text, bool* value);

// What a tuple may hold in place of a number.
constexpr int64_t kNoneItem = INT64_MIN;

// (3, 3), [3,3], (3,), (3L, 3L), () and a bare 3, which is (3,). None, where `allows_none`, is
// kNoneItem. Not 3,3 without brackets, and not (3.0, 3).
bool parse_tuple(TextView text, bool allows_none, Vector<int64_t>* values);

// (0.5, 1), [1.5], () and a bare 0.5.
bool parse_reals(TextView text, Vector<double>* values);

}  // namespace predictor
