// Numbers side by side, whatever the width of the registers.
#pragma once
#include <stdint.h>
#include <string.h>

enum { lane_count = 16 };
typedef float lanes __attribute__((vector_size(4 * lane_count), aligned(4), may_alias));
typedef int32_t lane_bits __attribute__((vector_size(4 * lane_count), aligned(4), may_alias));

#define AT(values, place) (*(const lanes *)((values) + (place)))

/// Natural logarithms of normal numbers above 0, good to an ulp. Source: S. Moshier's Cephes library, logf: a
/// polynomial on [√½, √2).
static inline __attribute__((always_inline)) void to_logarithms(lanes *x) {
    lane_bits whole = ((lane_bits)*x - 0x3f3504f3) >> 23;
    lanes f = (lanes)((lane_bits)*x - (whole << 23)) - 1, e = __builtin_convertvector(whole, lanes), square = f * f;
    lanes y = 7.0376836292e-2f * f - 1.1514610310e-1f;
    y = y * f + 1.1676998740e-1f;
    y = y * f - 1.2420140846e-1f;
    y = y * f + 1.4249322787e-1f;
    y = y * f - 1.6668057665e-1f;
    y = y * f + 2.0000714765e-1f;
    y = y * f - 2.4999993993e-1f;
    y = y * f + 3.3333331174e-1f;
    y = y * f * square - 2.12194440e-4f * e - 0.5f * square;
    *x = f + y + 0.693359375f * e;
}

/// The sum of all, added in halves.
static inline __attribute__((always_inline)) float total(const lanes *sum) {
    float part[lane_count];
    memcpy(part, sum, sizeof part);
    for (int step = lane_count / 2; step > 0; step /= 2)
        for (int i = 0; i < step; i++) part[i] += part[i + step];
    return part[0];
}
