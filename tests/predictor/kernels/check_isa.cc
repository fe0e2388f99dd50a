// How an instruction set is chosen: by name, by the environment, and otherwise the best.
#include <cstdlib>
#include <cstring>

#include "checker.h"
#include "predictor/base/error.h"
#include "predictor/kernels/isa.h"

int main(int argc, char** argv) {
  const predictor::Isa isa = checker::isa_argument(argc, argv);
  checker::Checker checker;
  checker.expect(std::strcmp(predictor::isa_name(isa), argv[1]) == 0,
                 "the name is the one asked for");
  checker.expect(predictor::isa_is_available(predictor::best_isa()), "the best is available");
  predictor::Isa found = isa;
  checker.expect(!predictor::isa_from_name("avx", &found) && found == isa,
                 "an unknown name changes nothing");
  checker.expect(!predictor::isa_from_name(nullptr, &found) && found == isa,
                 "no name changes nothing");
  setenv("PREDICTOR_ISA", argv[1], 1);
  checker.expect(predictor::isa_from_environment() == isa, "the environment decides");
  setenv("PREDICTOR_ISA", "avx", 1);
  const char* message = "";
  try {
    predictor::isa_from_environment();
  } catch (const predictor::Error& error) {
    message = "PREDICTOR_ISA is 'avx', which this machine does not have";
    checker.expect(std::strcmp(error.what(), message) == 0, error.what());
  }
  checker.expect(*message != '\0', "an unknown name is an error");
  unsetenv("PREDICTOR_ISA");
  checker.expect(predictor::isa_from_environment() == predictor::best_isa(),
                 "without it, the best");
  return checker.finish();
}
