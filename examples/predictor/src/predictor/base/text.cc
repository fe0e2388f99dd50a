#include "predictor/base/text.h"

namespace PREDICTOR_HIDDEN predictor {

void append_text(String& out, TextView text) { out.append(text.data(), text.size()); }

void append_text(String& out, uint64_t number) {
  char digits[20];
  size_t start = sizeof(digits);
  do {
    digits[--start] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  out.append(digits + start, sizeof(digits) - start);
}

void append_text(String& out, int64_t number) {
  if (number >= 0) return append_text(out, static_cast<uint64_t>(number));
  out.push_back('-');
  append_text(out, uint64_t{0} - static_cast<uint64_t>(number));
}

String concat(std::initializer_list<Piece> pieces) {
  String out;
  for (const Piece& piece : pieces) piece.append_to(out);
  return out;
}

}  // namespace predictor
