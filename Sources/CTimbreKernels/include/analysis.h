// The inner loops from samples to cepstra: what every frame passes through.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bands are summed, and spectra are measured, so many numbers at a time; arrays are padded to a multiple.
#define TIMBRE_ANALYSIS_MULTIPLE 16
/// Room for the cosines of one band, those of 13 coefficients and zeros.
#define TIMBRE_COSINES 16

/// Multiplies samples by a window, in single and in double precision.
void timbre_window(const float *samples, const float *window, float *output, size_t count);
void timbre_window_exactly(const double *samples, const double *window, double *output, size_t count);

/// The magnitudes, times `scale`, of the first `count` bins of the spectrum of 2 * `half` real samples, from that of
/// their pairs as complex numbers.
///
/// `turns` has the cosine, then the sine, of -pi k / `half` for each bin k < `half`, a multiple of
/// TIMBRE_ANALYSIS_MULTIPLE. `count` is at most `half` + 1. Source: W. Press et al., *Numerical Recipes*, 12.3.
void timbre_real_magnitudes(const float *spectrum, size_t half, const float *turns, float scale, float *magnitudes,
                            size_t count);

/// The absolute values of `count` complex numbers, times `scale`.
void timbre_magnitudes_exactly(const double *spectrum, double scale, float *magnitudes, size_t count);

/// A band: so many weights, a multiple of TIMBRE_ANALYSIS_MULTIPLE / 2, from some magnitude on.
typedef struct {
    uint32_t first, weights, count;
} timbre_band;

/// Sums magnitudes, times the weights of each of `count` bands, which lie at `weights` + the band's own. Returns the
/// largest sum.
float timbre_sum_magnitudes(const float *magnitudes, const timbre_band *bands, size_t count, const float *weights,
                            float *sums);

/// The natural logarithms of `count` sums over the largest, none below that of `floor`, and their cosine transform.
///
/// `count` is padded to TIMBRE_ANALYSIS_MULTIPLE; `cosines` has TIMBRE_COSINES factors for each sum, zeros for those
/// that pad. `top` is above 0. Logarithms are right to 2 · 10⁻⁷.
void timbre_cepstrum(const float *sums, size_t count, float top, float floor, const float *cosines, float *levels,
                     float *cepstrum);

/// The sum of the inverse squares of those of `count` numbers that are above a limit.
float timbre_inverse_squares(const float *numbers, size_t count, float limit);

/// Rounds 255 + `steps` · level, where that is above 0, to bytes; levels are 0 or less.
void timbre_quantise_levels(const float *levels, size_t count, float steps, uint8_t *bytes);
