#include "CTimbreKernels.h"
#include "lanes.h"
#include <string.h>

// All sums are of sixteen numbers side by side, so that every processor gives the same bits.
#define INLINE static inline __attribute__((always_inline))

enum {
    bands = TIMBRE_BANDS,
    products = TIMBRE_PRODUCTS,
    width = 16,
    padded = (bands + width - 1) / width * width,
    // Bands whose powers are summed by themselves, so that the sums of a frame do not all wait for one another.
    run = 10
};

// All arrays of bands end in zeros, which add nothing.
INLINE void sum_amplitudes(const float *amplitudes, const float *positions, timbre_band_sums *sums) {
    lanes sum = {0}, first = {0};
    for (int b = 0; b < padded; b += width) {
        sum += AT(amplitudes, b);
        first += AT(amplitudes, b) * AT(positions, b);
    }
    const float amplitude = total(&sum), centroid = total(&first) / amplitude;
    lanes second = {0}, third = {0};
    for (int b = 0; b < padded; b += width) {
        const lanes off = AT(positions, b) - centroid, moment = AT(amplitudes, b) * off * off;
        second += moment;
        third += moment * off;
    }
    sums->amplitude = amplitude;
    sums->centroid = centroid;
    sums->variance = total(&second) / amplitude;
    sums->third = total(&third) / amplitude;
}

// Squares are rounded to float before they are added in double: the sum of a hundred equal ones is then exact, and a
// flat frame reaches its share where it should.
INLINE void sum_power(const float *amplitudes, double share, timbre_band_sums *sums) {
    double running[bands];
    double power = 0;
    for (int start = 0; start < bands; start += run) {
        double part = 0;
        for (int b = start; b < start + run; b++) {
            part += (double)(amplitudes[b] * amplitudes[b]);
            running[b] = power + part;
        }
        power += part;
    }
    const double limit = share * power;
    int32_t rolloff = 0;
    for (int b = 0; b < bands; b++) rolloff += running[b] < limit;
    sums->power = power;
    sums->rolloff = rolloff;
}

INLINE void multiply(const float *levels, const float *matrix, float *results) {
    float sums[products] = {0};
    for (int b = 0; b < bands; b++) {
        const float level = levels[b], *row = matrix + b * products;
        for (int p = 0; p < products; p++) sums[p] += level * row[p];
    }
    memcpy(results, sums, sizeof sums);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_sum_bands(const uint8_t *frames, size_t count, const float *level_of, const float *amplitude_of,
                      const float *scale, double rolloff_share, const float *matrix, float *previous, float *results,
                      timbre_band_sums *sums) {
    float levels[padded] = {0}, before[padded] = {0}, centred[padded] = {0}, amplitudes[padded] = {0};
    float positions[padded] = {0};
    memcpy(before, previous, bands * sizeof(float));
    memcpy(positions, scale, bands * sizeof(float));
    for (size_t f = 0; f < count; f++) {
        const uint8_t *bytes = frames + f * (TIMBRE_BAND_OFFSET + bands) + TIMBRE_BAND_OFFSET;
        for (int b = 0; b < bands; b++) {
            levels[b] = level_of[bytes[b]];
            amplitudes[b] = amplitude_of[bytes[b]];
        }
        sum_amplitudes(amplitudes, positions, &sums[f]);
        sum_power(amplitudes, rolloff_share, &sums[f]);

        lanes level = {0}, change = {0};
        for (int b = 0; b < padded; b += width) {
            const lanes difference = AT(levels, b) - AT(before, b);
            level += AT(levels, b);
            change += difference * difference;
        }
        const float mean = total(&level) / bands;
        sums[f].mean = mean;
        sums[f].change = total(&change) / bands;
        memcpy(before, levels, sizeof before);

        for (int b = 0; b < bands; b++) centred[b] = levels[b] - mean;
        double square[width] = {0};
        for (int b = 0; b < padded; b += width)
            for (int i = 0; i < width; i++) square[i] += (double)centred[b + i] * (double)centred[b + i];
        for (int half = width / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) square[i] += square[i + half];
        sums[f].squares = square[0];
        multiply(centred, matrix, results + f * products);
    }
    memcpy(previous, before, bands * sizeof(float));
}
