#include <stdint.h>

#include "luma.h"

using namespace palette;

#define SCALE(value) ((value) / 128)

#if defined(__unix__) && PALETTE_LINEAR
static const char* const kNames[] = {"dark", "light"};
#elif !PALETTE_LINEAR
static const char* const kNames[] = {"shade", "tint"};
#else
static const char* const kNames[] = {"black", "white"};
#endif

extern "C" const char* palette_name(palette_colour colour) { return kNames[SCALE(palette::luma(colour))]; }
