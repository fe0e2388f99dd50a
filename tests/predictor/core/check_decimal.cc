// Reads a file of a text per line and writes its value in hexadecimal, or `no`.
#include <cstdio>
#include <fstream>
#include <string>

#include "predictor/formats/decimal.h"

int main(int, char** arguments) {
  std::ifstream texts(arguments[1]);
  for (std::string line; std::getline(texts, line);) {
    double value = 0;
    const bool is_number =
        predictor::parse_decimal(predictor::TextView(line.data(), line.size()), &value);
    is_number ? std::printf("%a\n", value) : std::puts("no");
  }
}
