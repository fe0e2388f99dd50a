#include "luma.h"

#if PALETTE_LINEAR
#include <cmath>
#define SCALE(value) static_cast<int>(255 * std::pow((value) / 255.0, 2.2))
#else
#define SCALE(value) (value)
#endif

namespace palette {
int luma(const palette_colour& colour) {
  return SCALE((kRed * colour.red + kGreen * colour.green + kBlue * colour.blue) / 8);
}
}  // namespace palette

extern "C" int palette_luma(palette_colour colour) { return palette::luma(colour); }
