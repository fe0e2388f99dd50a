#pragma once
#define SPANS_VERSION 3
#if SPANS_VERSION >= 3
#include "spans/check.hpp"
#endif
