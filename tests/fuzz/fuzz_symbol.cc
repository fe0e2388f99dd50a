// Reads any text as JSON, and as a symbol file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "predictor/base/error.h"
#include "predictor/formats/json.h"
#include "predictor/formats/symbol.h"
#include "tokens.h"

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* bytes, size_t size, size_t capacity,
                                          unsigned seed) {
  return mutate_tokens(bytes, size, capacity, seed);
}

template <typename F>
static void attempt(const F& function) {
  try {
    function();
  } catch (const predictor::Error& error) {
    if (error.what()[0] == '\0') std::abort();
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const predictor::TextView text(reinterpret_cast<const char*>(bytes), size);
  attempt([&] {
    predictor::JsonReader json(text, "text");
    json.skip_value();
    json.expect_end();
  });
  attempt([&] { predictor::read_symbol(text); });
  return 0;
}
