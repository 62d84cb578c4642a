// The inner loops of decoding and analysis: what every sample passes through.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// How far the taps are padded: each row's length is a multiple of this, its excess zeros.
#define TIMBRE_TAP_MULTIPLE 16

/// Computes `count` outputs of a polyphase filter.
///
/// Output n is the dot product of `tap_count` inputs and a row of taps. The first uses row `phase` at input[0]; each
/// further one lies `step` / `phase_count` inputs later, the remainder choosing the row. `taps` has `phase_count` rows
/// of `tap_count`, a multiple of TIMBRE_TAP_MULTIPLE; all inputs reached must be readable and finite.
void timbre_filter(const float *input, const float *taps, size_t tap_count, size_t phase, size_t phase_count,
                   size_t step, float *output, size_t count);

/// As timbre_filter, for filters of so many phases that only some rows are kept: `taps` has `row_count` + 3 rows, row
/// r being the filter at phase (r - 1) / `row_count`, between which Lagrange's cubic interpolates.
void timbre_filter_between(const float *input, const float *taps, size_t tap_count, size_t row_count, size_t phase,
                           size_t phase_count, size_t step, float *output, size_t count);

/// Makes every NaN and infinity 0. Returns how many samples were numbers.
size_t timbre_clear_nonfinite(float *samples, size_t count);

/// The dot product of inputs and taps in double precision. `tap_count` is a multiple of TIMBRE_TAP_MULTIPLE.
double timbre_dot(const float *input, const double *taps, size_t tap_count);

/// `count` outputs in double precision of a filter that keeps one of `factor` of them: output n is the dot product of
/// the taps and the inputs from n * `factor` on. So many inputs must be readable as the last output needs.
void timbre_filter_exactly(const float *input, const double *taps, size_t tap_count, size_t factor, double *outputs,
                           size_t count);

/// The largest absolute value; 0 for none.
float timbre_peak(const float *samples, size_t count);

/// The means of `count` pairs.
void timbre_mean_of_two(const float *samples, float *means, size_t count);

/// Makes pairs of the numbers of two arrays, and an array of the first of each pair.
void timbre_interleave(const float *first, const float *second, float *pairs, size_t count);
void timbre_take_every_second(const float *pairs, float *output, size_t count);

/// Multiplies the spectrum of `folded` * `factor` complex numbers by a real response, given twice for each bin, and
/// folds it to that of one number of `factor`: the sum, for each of `folded` bins, of the products at the frequencies
/// that become one. `folded` is a multiple of TIMBRE_TAP_MULTIPLE; `result` may be the spectrum.
void timbre_fold(const float *spectrum, const float *response, size_t folded, size_t factor, float *result);

/// Samples of 16 bits as floats, full scale being 1.
void timbre_from_int16(const int16_t *integers, float *samples, size_t count);
