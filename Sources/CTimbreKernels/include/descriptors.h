// The inner loops of the timbre descriptors: what the bands of frames add up to, and the moments of frames over time.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bands of a frame; the bytes before them, which hold the peak.
#define TIMBRE_BANDS 100
#define TIMBRE_BAND_OFFSET 4
/// Columns of the matrix that a frame's levels are multiplied with.
#define TIMBRE_PRODUCTS 80
/// Values of a frame, with the zeros that fill its row up.
#define TIMBRE_ROW 56

/// What the bands of a frame add up to; amplitudes are relative to the strongest band.
typedef struct {
    /// The sum of the squared amplitudes.
    double power;
    /// The sum of the squared differences of the levels from their mean.
    double squares;
    /// The sum of the amplitudes.
    float amplitude;
    /// The mean position on the scale, weighted by amplitude, and the central moments about it.
    float centroid, variance, third;
    /// The mean level.
    float mean;
    /// The mean squared change of the levels since the frame before.
    float change;
    /// The first band at which the running power reaches the wanted share of `power`.
    int32_t rolloff;
} timbre_band_sums;

/// Sums the bands of `count` frames of TIMBRE_BAND_OFFSET + TIMBRE_BANDS bytes.
///
/// `level_of` and `amplitude_of` say what each byte stands for; `scale` has the position of each band. `previous` holds
/// the levels of the frame before, and receives those of the last. `products` receives, a frame, the product of its
/// levels less their mean and `matrix`, shape [TIMBRE_BANDS, TIMBRE_PRODUCTS], each a sum over the bands in their order.
void timbre_sum_bands(const uint8_t *frames, size_t count, const float *level_of, const float *amplitude_of,
                      const float *scale, double rolloff_share, const float *matrix, float *previous, float *products,
                      timbre_band_sums *sums);

/// Adds `count` rows of TIMBRE_ROW values, times their weights, to sums.
void timbre_add_weighted(const float *rows, size_t count, const double *weights, double *sums);

/// Adds the squared differences between `count` rows and `means`, times the rows' weights, to sums.
void timbre_add_deviations(const float *rows, size_t count, const double *weights, const double *means, double *sums);

/// Adds the absolute differences between each two of `count` neighbouring rows, times both weights' sum, to sums.
void timbre_add_changes(const float *rows, size_t count, const double *weights, double *sums);
