/* SPDX-License-Identifier: 0BSD */
#pragma once
#include <stdint.h>
typedef struct { uint8_t red, green, blue; } palette_colour;
