#pragma once
#include "palette.h"
namespace palette {
#define PALETTE_CHANNEL(name, weight) constexpr int k##name = weight;
#include "channels.inc"
#undef PALETTE_CHANNEL
int luma(const palette_colour& colour);
}  // namespace palette
