// The CBLAS library of the platform, where the library is built with one.
#pragma once

#include "predictor/base/platform.h"

#if PREDICTOR_USE_BLAS
#if PREDICTOR_APPLE
#include <Accelerate/Accelerate.h>
#else
#include <cblas.h>
#endif
#endif
