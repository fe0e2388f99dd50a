/* The name under which programs written for MXNet include the predict API. */
#ifndef MXNET_C_PREDICT_API_H_
#define MXNET_C_PREDICT_API_H_

#include "predictor/c_predict_api.h"

#endif /* MXNET_C_PREDICT_API_H_ */
