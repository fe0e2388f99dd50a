/* SPDX-License-Identifier: MIT */
#ifndef PALETTE_H_
#define PALETTE_H_
#include "palette/types.h"
#ifdef __cplusplus
extern "C" {
#endif
int palette_luma(palette_colour colour); /* 0 to 255 */
const char *palette_name(palette_colour colour);
#ifdef __cplusplus
}
#endif
#endif
