// Reads any bytes as a parameter file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "predictor/c_predict_api.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  NDListHandle list = nullptr;
  uint32_t count = 0;
  if (MXNDListCreate(reinterpret_cast<const char*>(bytes), static_cast<int>(size), &list, &count)) {
    if (MXGetLastError()[0] == '\0') std::abort();
    return 0;
  }
  volatile double sum = 0;  // read, so that the sanitizers see it
  for (uint32_t i = 0; i < count; ++i) {
    const char* key = nullptr;
    const float* data = nullptr;
    const uint32_t* shape = nullptr;
    uint32_t rank = 0;
    if (MXNDListGet(list, i, &key, &data, &shape, &rank)) std::abort();
    size_t elements = data ? 1 : 0;
    for (uint32_t axis = 0; axis < rank; ++axis) elements *= shape[axis];
    if (elements > 0)
      sum = sum + static_cast<double>(data[0]) + static_cast<double>(data[elements - 1]);
  }
  MXNDListFree(list);
  return 0;
}
