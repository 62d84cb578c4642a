// How two sounds differ, frame by frame and band by band: what is measured to tell duplicates. Levels are in decibels.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bands of a frame, each a byte.
#define TIMBRE_COMPARED_BANDS 100

/// The levels of a frame's bands: a byte of 255 is `top`, each step less is 80/255 dB, and none is below `floor`.
void timbre_write_levels(const uint8_t *bytes, float top, float floor, float *row);

/// Moves the levels of a frame by a share of the way towards those of another one.
void timbre_move_levels(float *row, const float *other, float share);

/// What was found of a frame: how many of its bands count, and a sum of differences between the differences of two bands,
/// each band being in at most one pair. Whatever number is taken off all of them, their sizes add up to that or more.
struct timbre_row {
    uint32_t count;
    float spread;
};

/// The differences between the levels of two frames; those of bands that are above `least` in neither are no numbers.
struct timbre_row timbre_subtract_levels(const float *a, const float *b, float least, float *differences);

/// Counts differences by `steps` to the decibel, rounded, from `-reach` to `reach` dB, where all that is farther is counted
/// too: the histogram has 2 * `reach` * `steps` + 1 numbers, and one more for what is no number.
void timbre_count_differences(const float *differences, size_t rows, float reach, float steps, uint32_t *histogram);

/// Sums of the sizes of differences from their median: of single ones, and of their sums over each `lasting` rows.
struct timbre_sizes {
    double single, lasting;
};
struct timbre_sizes timbre_measure_differences(const float *differences, size_t rows, float median, size_t lasting);
