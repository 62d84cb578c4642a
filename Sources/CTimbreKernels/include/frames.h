// The inner loops from the stored bands of frames to the descriptors of a sound: what each frame says by itself, and
// what the frames of a part of a sound add up to.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bytes of a stored frame: its peak, then a level for each band.
#define TIMBRE_FRAME_BYTES 104
/// Bands that are described: the first of those that are stored.
#define TIMBRE_HEARD_BANDS 93
/// Cepstral coefficients, measures of the spectrum's shape, and waves along the bands: the values of a frame, in order.
#define TIMBRE_CEPSTRA 40
#define TIMBRE_SHAPES 8
#define TIMBRE_WAVES 40
#define TIMBRE_FRAME_VALUES 88
_Static_assert(TIMBRE_FRAME_VALUES == TIMBRE_CEPSTRA + TIMBRE_SHAPES + TIMBRE_WAVES, "a row holds all values");
/// Columns of the two matrices that the sums and the differences of mirrored levels are multiplied with.
#define TIMBRE_FOLDED_COLUMNS 64

/// What the bytes of bands stand for, and what the levels of a frame are multiplied with.
struct timbre_frame_tables {
    /// For each byte the amplitude, that of the strongest band being 1, its square, and its level with a soft floor.
    const float *amplitudes, *squares, *levels;
    /// Below what level none goes on above a cliff, in decibels.
    float floor;
    /// The position of each described band in Bark.
    const float *positions;
    /// What the sum of each two mirrored levels, from the outermost to the middle one, adds to the cepstra of even order
    /// and to the real parts of the waves: shape [47, TIMBRE_FOLDED_COLUMNS], 21 and 40 columns used.
    const float *even;
    /// The same of their differences, for cepstra of odd order and imaginary parts: shape [46, TIMBRE_FOLDED_COLUMNS],
    /// 20 and 40 columns used.
    const float *odd;
};

/// The sum of the squared amplitudes of all stored bands of each of `count` frames, relative to the strongest band's.
void timbre_frame_powers(const uint8_t *frames, size_t count, const float *squares, double *powers);

/// Raises each of TIMBRE_HEARD_BANDS maxima to the levels of `count` frames, in decibels: what their bytes stand for,
/// plus the frame's offset.
void timbre_raise_band_maxima(const uint8_t *frames, size_t count, const float *offsets, float *maxima);

/// Of each of `count` frames the greatest level of each of some groups of bands, none below `floor`, added to the groups'
/// sums. A group begins at its place in `groups`, and ends where the next one does. From band `filled` on, levels go on as
/// `timbre_frame_values` lets them.
void timbre_add_group_levels(const uint8_t *frames, size_t count, const float *offsets, size_t filled, float slope,
                             float floor, const uint8_t *groups, size_t group_count, double *sums);

/// The products of the `row_count` rows of a matrix of `inputs` columns with `width` columns of as many numbers, row by
/// row. The matrix is given column by column, the numbers row by row.
void timbre_transform_columns(const double *matrix, size_t row_count, size_t inputs, const double *columns,
                              size_t width, double *products);

/// The values of `count` frames, rows of TIMBRE_FRAME_VALUES.
///
/// From band `filled` on, where that is less than TIMBRE_HEARD_BANDS, levels go on from the mean of the three bands
/// before, falling `slope` decibels a band. `before` is the frame before the first, from which its levels have changed;
/// without one its change is 0.
void timbre_frame_values(const uint8_t *before, const uint8_t *frames, size_t count,
                         const struct timbre_frame_tables *tables, size_t filled, float slope, float *rows);

/// How many frames apart changes are measured: 1, 2, 4, 8 and 16.
#define TIMBRE_LAGS 5
#define TIMBRE_LONGEST_LAG 16
/// Values of a frame whose change is measured over one frame, and over more.
#define TIMBRE_QUICK_CHANGES 30
#define TIMBRE_SLOW_CHANGES 12
/// Values of a frame whose third moment is measured, and whose course over time is.
#define TIMBRE_SKEWED 12
#define TIMBRE_COURSES 12
/// Into how many equal parts of the time courses are divided.
#define TIMBRE_COURSE_PARTS 24
/// Frames of the attack.
#define TIMBRE_ATTACK 4

/// What the frames of a part of a sound add up to; all zeros at first, but for `length` and `attack_start`.
struct timbre_part_sums {
    /// How many frames the part has, and with which its attack starts.
    size_t length, attack_start;
    /// How many frames have been added.
    size_t count;
    /// Sums over frames, times their weights: of the weights, of the values, of their squares and cubes.
    double weight, values[TIMBRE_FRAME_VALUES], squares[TIMBRE_FRAME_VALUES], cubes[TIMBRE_SKEWED];
    /// Sums over pairs of frames, times both weights: of the weights, and of the sizes of the values' differences.
    double pair_weights[TIMBRE_LAGS], quick_changes[TIMBRE_QUICK_CHANGES];
    double slow_changes[TIMBRE_LAGS - 1][TIMBRE_SLOW_CHANGES];
    /// The sums of weights and of values of the frames of the attack.
    double attack_weight, attack[TIMBRE_CEPSTRA + TIMBRE_SHAPES];
    /// The sums of values up to the end of each part of the time, which need not be where a frame ends.
    double running[TIMBRE_COURSES], courses[TIMBRE_COURSE_PARTS][TIMBRE_COURSES];
    size_t next_course;
};

/// Adds `count` frames to a part's sums. Their rows follow those of the frames before, of which the last
/// TIMBRE_LONGEST_LAG are readable, as far as the part has them; so do the weights.
void timbre_add_frames(const float *rows, const double *weights, size_t count, struct timbre_part_sums *sums);
