// What finds sounds inside recordings: levels over the background, and patches of them. Levels are in quarters of a
// decibel, so that every sum is one of integers and the same everywhere.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
    /// Bands of a stored frame, and the bytes before them.
    TIMBRE_EVENT_BANDS = 100,
    /// Groups of neighbouring bands, each of five.
    TIMBRE_WIDE_BANDS = 20,
    /// The lowest and the highest level that are told apart: -120 and 31.75 dB.
    TIMBRE_LOWEST_LEVEL = -480,
    TIMBRE_HIGHEST_LEVEL = 127,
    TIMBRE_LEVEL_COUNT = TIMBRE_HIGHEST_LEVEL - TIMBRE_LOWEST_LEVEL + 1,
    /// Rises that make up the flux of a frame.
    TIMBRE_FLUX_BANDS = 25,
    /// Levels over the background are stored up to this: 60 dB.
    TIMBRE_MOST_EXCESS = 240,
    /// Bytes of a patch, and the room that a template of one takes, the rest zeros.
    TIMBRE_PATCH_BYTES = 140,
    TIMBRE_TEMPLATE_ROOM = 144
};

/// The levels of `count` stored frames of 104 bytes, shape [count, 100]. `offsets` has the level of the strongest band of
/// each, in quarters of a decibel; minus infinity for a silent frame.
void timbre_quarter_levels(const uint8_t *frames, size_t count, const float *offsets, int16_t *levels);

/// Counts the levels of `count` frames in or, where `by` is -1, out: `counts` has shape [100, TIMBRE_LEVEL_COUNT]; of
/// each band, `below` is how many are below the level at index `at`.
void timbre_slide_levels(const int16_t *levels, size_t count, int by, uint16_t *counts, const uint16_t *at,
                         uint16_t *below);

/// Moves `at` of each band to the level that has `rank` others below it or beside it in order, and `below` with it.
void timbre_find_ranks(size_t rank, const uint16_t *counts, uint16_t *at, uint16_t *below);

/// How far the levels of one frame are above the background, nowhere below 0. The background is `now` and `next` in the
/// proportion of 16 - `step` and `step`, `up` more, and not below `lowest`.
void timbre_excess(const int16_t *levels, const int16_t *now, const int16_t *next, int step, int up, int lowest,
                   int16_t *excess);

/// The sum of the TIMBRE_FLUX_BANDS greatest rises of a frame's bands over the higher of the two frames before it.
int32_t timbre_flux(const int16_t *excess, const int16_t *before, const int16_t *earlier);

/// The sums of each five bands, none counted above TIMBRE_MOST_EXCESS.
void timbre_widen(const int16_t *excess, uint16_t *wide);

/// Of each of `count` patches of TIMBRE_PATCH_BYTES the greatest cosine with a template, all but the first `length`
/// bytes left out: the patch less its mean, over its norm. `templates` has shape [template_count, TIMBRE_TEMPLATE_ROOM];
/// each sums to 0, has zeros behind `length`, and `scales` has one over its norm. They come in groups, of which `ends` has
/// the ends; where the cosine with the first one of a group is below `least` of the group, the others are left out.
void timbre_match_patches(const uint8_t *patches, size_t count, size_t length, const int16_t *templates,
                          const float *scales, const uint32_t *ends, const float *least, size_t group_count,
                          float *cosines);

/// The sum of the products of `rows` rows of 100 levels.
int64_t timbre_multiply_levels(const int16_t *a, const int16_t *b, size_t rows);

/// The sum of `rows` rows of 100 levels.
int64_t timbre_sum_levels(const int16_t *levels, size_t rows);

/// How far `rows` rows of 100 levels, `gain` more of each, would be above a background of 100 levels that they are added
/// to. `table` has what results for each difference from -`reach` to `reach`; 0 does below, the last one above.
void timbre_add_power(const int16_t *levels, size_t rows, const int16_t *background, int gain, const int16_t *table,
                      int reach, int16_t *results);
