#include "CTimbreKernels.h"
#include "lanes.h"
#include <string.h>

#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))

enum {
    header = TIMBRE_FRAME_BYTES - 100,
    stored = 100,
    bands = TIMBRE_HEARD_BANDS,
    padded = (bands + lane_count - 1) / lane_count * lane_count,
    half = bands / 2,
    columns = TIMBRE_FOLDED_COLUMNS,
    cepstra = TIMBRE_CEPSTRA,
    // Where in a row the measures of shape begin, and the waves.
    shapes = cepstra,
    waves = shapes + TIMBRE_SHAPES,
    // Cepstra from 12 to 24 are of medium fineness, what is beyond them is fine.
    middle = 12,
    fine = 25,
    // Bands whose powers are summed by themselves, so that the sums of a frame do not all wait for one another.
    run = 31
};

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_frame_powers(const uint8_t *frames, size_t count, const float *squares, double *powers) {
    for (size_t f = 0; f < count; f++) {
        const uint8_t *bytes = frames + f * TIMBRE_FRAME_BYTES + header;
        float sums[4] = {0};
        for (int b = 0; b < stored; b += 4)
            for (int k = 0; k < 4; k++) sums[k] += squares[bytes[b + k]];
        powers[f] = (double)((sums[0] + sums[1]) + (sums[2] + sums[3]));
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_raise_band_maxima(const uint8_t *frames, size_t count, const float *offsets, float *maxima) {
    float most[padded] = {0};
    memcpy(most, maxima, bands * sizeof(float));
    for (size_t f = 0; f < count; f++) {
        // The bytes behind those that count are stored bands too.
        const uint8_t *bytes = frames + f * TIMBRE_FRAME_BYTES + header;
        const float offset = offsets[f] - 80;
        for (int b = 0; b < padded; b++) {
            const float level = (float)bytes[b] * (80.0f / 255) + offset;
            most[b] = level > most[b] ? level : most[b];
        }
    }
    memcpy(maxima, most, bands * sizeof(float));
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_add_group_levels(const uint8_t *frames, size_t count, const float *offsets, size_t filled, float slope,
                             float floor, const uint8_t *groups, size_t group_count, double *sums) {
    for (size_t f = 0; f < count; f++) {
        const uint8_t *bytes = frames + f * TIMBRE_FRAME_BYTES + header;
        float levels[padded];
        const float offset = offsets[f] - 80;
        for (int b = 0; b < padded; b++) levels[b] = (float)bytes[b] * (80.0f / 255) + offset;
        if (filled < bands) {
            const float base = (levels[filled - 3] + levels[filled - 2] + levels[filled - 1]) / 3;
            for (size_t b = filled; b < bands; b++) levels[b] = base - slope * (float)(b - filled + 2);
        }
        for (size_t g = 0; g < group_count; g++) {
            float most = floor;
            for (size_t b = groups[g]; b < groups[g + 1]; b++) most = levels[b] > most ? levels[b] : most;
            sums[g] += (double)most;
        }
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_transform_columns(const double *matrix, size_t row_count, size_t inputs, const double *columns,
                              size_t width, double *products) {
    for (size_t i = 0; i < row_count * width; i++) products[i] = 0;
    for (size_t i = 0; i < inputs; i++, matrix += row_count, columns += width) {
        if (width == 1) {
            const double value = columns[0];
            for (size_t r = 0; r < row_count; r++) products[r] += matrix[r] * value;
            continue;
        }
        for (size_t r = 0; r < row_count; r++)
            for (size_t c = 0; c < width; c++) products[r * width + c] += matrix[r] * columns[c];
    }
}

/// Centre, spread, skewness and roll-off of the amplitudes; returns their mean.
INLINE float shape(const float *amplitudes, const float *positions, float *row) {
    lanes sum = {0}, first = {0};
    for (int b = 0; b < padded; b += lane_count) {
        sum += AT(amplitudes, b);
        first += AT(amplitudes, b) * AT(positions, b);
    }
    const float amplitude = total(&sum) + 1e-9f, centre = total(&first) / amplitude;
    lanes second = {0}, third = {0};
    for (int b = 0; b < padded; b += lane_count) {
        const lanes off = AT(positions, b) - centre, moment = AT(amplitudes, b) * off * off;
        second += moment;
        third += moment * off;
    }
    const float spread = __builtin_sqrtf(total(&second) / amplitude + 1e-9f);
    double running[bands], power = 0;
    for (int start = 0; start < bands; start += run) {
        double part = 0;
        for (int b = start; b < start + run; b++) {
            part += (double)(amplitudes[b] * amplitudes[b]);
            running[b] = power + part;
        }
        power += part;
    }
    // A flat frame reaches its share where it should, whatever was rounded.
    const double limit = 0.85 * (1 - 1e-6) * power;
    int rolloff = 0;
    for (int b = 0; b < bands; b++) rolloff += running[b] < limit;
    row[shapes] = centre;
    row[shapes + 1] = spread;
    row[shapes + 2] = total(&third) / amplitude / (spread * spread * spread);
    row[shapes + 4] = positions[rolloff];
    return amplitude / bands;
}

/// Cepstra, waves, and what they say of the spectrum's fineness.
INLINE void transform(const float *centred, const struct timbre_frame_tables *tables, float amplitude, float *row) {
    float even[columns] = {0}, odd[columns] = {0};
    for (int b = 0; b < half; b++) {
        const float sum = centred[b] + centred[bands - 1 - b], difference = centred[b] - centred[bands - 1 - b];
        for (int c = 0; c < columns; c++) even[c] += sum * tables->even[b * columns + c];
        for (int c = 0; c < columns; c++) odd[c] += difference * tables->odd[b * columns + c];
    }
    for (int c = 0; c < columns; c++) even[c] += centred[half] * tables->even[half * columns + c];
    // The mean was taken away, and with it coefficient 0.
    for (int k = 0; k < cepstra / 2; k++) {
        row[2 * k] = odd[k];
        row[2 * k + 1] = even[k + 1];
    }
    double squares[4] = {0}, coarse = 0;
    for (int b = 0; b + 4 <= bands; b += 4)
        for (int k = 0; k < 4; k++) squares[k] += (double)centred[b + k] * (double)centred[b + k];
    squares[0] += (double)centred[bands - 1] * (double)centred[bands - 1];
    for (int k = 1; k < middle; k++) coarse += (double)row[k - 1] * (double)row[k - 1];
    float medium = 0;
    for (int k = middle; k < fine; k++) medium += row[k - 1] * row[k - 1];
    // The cosine transform leaves the sum of squares as it is: what is not in these coefficients is in finer ones.
    const double rest = (squares[0] + squares[1]) + (squares[2] + squares[3]) - coarse - (double)medium;
    row[shapes + 5] = __builtin_sqrtf(medium / (fine - middle));
    row[shapes + 6] = (float)__builtin_sqrt((rest > 0 ? rest : 0) / (bands - fine));

    float magnitudes[3 * lane_count] = {0};
    for (int k = 0; k < TIMBRE_WAVES; k++) {
        const float real = even[cepstra / 2 + 1 + k], imaginary = odd[cepstra / 2 + k];
        magnitudes[k] = 1 + 0.1f * __builtin_sqrtf(real * real + imaginary * imaginary);
    }
    for (int k = TIMBRE_WAVES; k < 3 * lane_count; k++) magnitudes[k] = amplitude;
    lanes logarithms[3];
    memcpy(logarithms, magnitudes, sizeof logarithms);
    for (int k = 0; k < 3; k++) to_logarithms(&logarithms[k]);
    memcpy(row + waves, logarithms, TIMBRE_WAVES * sizeof(float));
    row[shapes + 3] -= 8.685889638f * logarithms[2][lane_count - 1];
}

INLINE void look_up(const uint8_t *frame, const struct timbre_frame_tables *tables, size_t filled, float slope,
                    float *levels, float *amplitudes) {
    for (int b = 0; b < bands; b++) {
        levels[b] = tables->levels[frame[header + b]];
        amplitudes[b] = tables->amplitudes[frame[header + b]];
    }
    if (filled >= bands) return;
    const float base = (levels[filled - 3] + levels[filled - 2] + levels[filled - 1]) / 3;
    for (size_t b = filled; b < bands; b++) {
        const float level = base - slope * (float)(b - filled + 2);
        levels[b] = level > tables->floor ? level : tables->floor;
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_frame_values(const uint8_t *before, const uint8_t *frames, size_t count,
                         const struct timbre_frame_tables *tables, size_t filled, float slope, float *rows) {
    // All arrays of bands end in zeros, which add nothing.
    float levels[padded] = {0}, previous[padded] = {0}, centred[padded] = {0}, amplitudes[padded] = {0};
    float positions[padded] = {0};
    memcpy(positions, tables->positions, bands * sizeof(float));
    if (count > 0) look_up(before ? before : frames, tables, filled, slope, previous, amplitudes);
    for (size_t f = 0; f < count; f++) {
        float *row = rows + f * TIMBRE_FRAME_VALUES;
        look_up(frames + f * TIMBRE_FRAME_BYTES, tables, filled, slope, levels, amplitudes);
        lanes sum = {0}, change = {0};
        for (int b = 0; b < padded; b += lane_count) {
            const lanes difference = AT(levels, b) - AT(previous, b);
            sum += AT(levels, b);
            change += difference * difference;
        }
        const float mean = total(&sum) / bands;
        memcpy(previous, levels, sizeof previous);
        for (int b = 0; b < bands; b++) centred[b] = levels[b] - mean;
        const float amplitude = shape(amplitudes, positions, row);
        row[shapes + 3] = mean;
        row[shapes + 7] = __builtin_sqrtf(total(&change) / bands);
        transform(centred, tables, amplitude, row);
    }
}
