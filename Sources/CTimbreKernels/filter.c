#include "CTimbreKernels.h"
#include <stdint.h>
#include <string.h>

// Sixteen sums side by side, whatever the width of the registers, so that every processor gives the same bits.
typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));

#define LOAD(at) (*(const lanes *)(at))

static inline __attribute__((always_inline)) float total(const lanes *sum) {
    float part[16];
    memcpy(part, sum, sizeof part);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) part[i] += part[i + width];
    return part[0];
}

typedef float eight __attribute__((vector_size(32)));
typedef float four __attribute__((vector_size(16)));

// The upper half is added to the lower one, and neighbours of two vectors to one another: four vectors become four sums.
#define HALF(a)                                            \
    (__builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7) + \
     __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15))
#define ADD_PAIRS(a, b)                                         \
    (__builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + \
     __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15))

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_filter(const float *input, const float *taps, size_t tap_count, size_t phase, size_t phase_count,
                   size_t step, float *output, size_t count) {
    const size_t whole = step / phase_count, rest = step % phase_count;
    // Four outputs at a time keep the adders busy; what is left over is summed in the same order.
    for (size_t n = 0; n < count; n += 4) {
        const float *at[4], *row[4];
        for (int k = 0; k < 4; k++) {
            at[k] = n + k < count ? input : at[0];
            row[k] = n + k < count ? taps + phase * tap_count : row[0];
            input += whole;
            phase += rest;
            if (phase >= phase_count) {
                phase -= phase_count;
                input++;
            }
        }
        lanes a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t t = 0; t < tap_count; t += TIMBRE_TAP_MULTIPLE) {
            a += LOAD(at[0] + t) * LOAD(row[0] + t);
            b += LOAD(at[1] + t) * LOAD(row[1] + t);
            c += LOAD(at[2] + t) * LOAD(row[2] + t);
            d += LOAD(at[3] + t) * LOAD(row[3] + t);
        }
        const eight quarters = ADD_PAIRS(ADD_PAIRS(HALF(a), HALF(b)), ADD_PAIRS(HALF(c), HALF(d)));
        const four sums =
            __builtin_shufflevector(quarters, quarters, 0, 1, 2, 3) + __builtin_shufflevector(quarters, quarters, 4, 5, 6, 7);
        memcpy(output + n, &sums, (count - n < 4 ? count - n : 4) * sizeof *output);
    }
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_filter_between(const float *input, const float *taps, size_t tap_count, size_t row_count, size_t phase,
                           size_t phase_count, size_t step, float *output, size_t count) {
    const size_t whole = step / phase_count, rest = step % phase_count;
    for (size_t n = 0; n < count; n++) {
        const double place = (double)phase * (double)row_count / (double)phase_count;
        const size_t first = (size_t)place;
        const double u = place - (double)first;
        const float *row = taps + first * tap_count;
        lanes a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t t = 0; t < tap_count; t += TIMBRE_TAP_MULTIPLE) {
            const lanes x = LOAD(input + t);
            a += x * LOAD(row + t);
            b += x * LOAD(row + tap_count + t);
            c += x * LOAD(row + 2 * tap_count + t);
            d += x * LOAD(row + 3 * tap_count + t);
        }
        // Lagrange's weights for the rows at -1, 0, 1 and 2.
        output[n] = (float)(total(&a) * (-u * (u - 1) * (u - 2) / 6) + total(&b) * ((u + 1) * (u - 1) * (u - 2) / 2) +
                            total(&c) * (-(u + 1) * u * (u - 2) / 2) + total(&d) * ((u + 1) * u * (u - 1) / 6));
        input += whole;
        phase += rest;
        if (phase >= phase_count) {
            phase -= phase_count;
            input++;
        }
    }
}

TIMBRE_CLONES("avx512f", "avx2", "default")
size_t timbre_clear_nonfinite(float *samples, size_t count) {
    size_t numbers = 0;
    uint32_t *bits = (uint32_t *)samples;
    for (size_t i = 0; i < count; i++) {
        const uint32_t keep = (bits[i] & 0x7f800000) != 0x7f800000;
        numbers += keep;
        bits[i] &= -keep;
    }
    return numbers;
}

TIMBRE_CLONES("avx512f", "avx2", "default")
double timbre_dot(const float *input, const double *taps, size_t tap_count) {
    double sums[TIMBRE_TAP_MULTIPLE] = {0};
    for (size_t t = 0; t < tap_count; t += TIMBRE_TAP_MULTIPLE)
        for (int lane = 0; lane < TIMBRE_TAP_MULTIPLE; lane++) sums[lane] += (double)input[t + lane] * taps[t + lane];
    for (int width = TIMBRE_TAP_MULTIPLE / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) sums[i] += sums[i + width];
    return sums[0];
}

// The bits of a number without its sign are in the order of the numbers: integers have a maximum that is a vector's.
TIMBRE_CLONES("avx512f", "avx2", "default")
float timbre_peak(const float *samples, size_t count) {
    const uint32_t *bits = (const uint32_t *)samples;
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t size = bits[i] & 0x7fffffff;
        most = size > most ? size : most;
    }
    float peak;
    memcpy(&peak, &most, sizeof peak);
    return peak;
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_mean_of_two(const float *samples, float *means, size_t count) {
    for (size_t i = 0; i < count; i++) means[i] = 0.5f * samples[2 * i] + 0.5f * samples[2 * i + 1];
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_interleave(const float *first, const float *second, float *pairs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        pairs[2 * i] = first[i];
        pairs[2 * i + 1] = second[i];
    }
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_take_every_second(const float *pairs, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = pairs[2 * i];
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_fold(const float *spectrum, const float *response, size_t folded, size_t factor, float *result) {
    for (size_t i = 0; i < 2 * folded; i += TIMBRE_TAP_MULTIPLE) {
        lanes sum = {0};
        for (size_t image = 0; image < factor; image++)
            sum += LOAD(spectrum + 2 * image * folded + i) * LOAD(response + 2 * image * folded + i);
        memcpy(result + i, &sum, sizeof sum);
    }
}

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_from_int16(const int16_t *integers, float *samples, size_t count) {
    for (size_t i = 0; i < count; i++) samples[i] = (float)integers[i] * (1.0f / 32768);
}

typedef double eight_doubles __attribute__((vector_size(64), aligned(8), may_alias));

TIMBRE_CLONES("avx512f", "avx2", "default")
void timbre_filter_exactly(const float *input, const double *taps, size_t tap_count, size_t factor, double *outputs,
                           size_t count) {
    enum { block = 32, most_inputs = 512 };
    const size_t end = (count - 1) * factor + tap_count, row = block + tap_count / factor + 1;
    if (row > most_inputs) __builtin_trap();
    for (size_t first = 0; first < count; first += block) {
        eight_doubles a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t part = 0; part < factor; part++) {
            // Every so-manieth input: outputs side by side then read inputs side by side.
            double inputs[most_inputs];
            for (size_t i = 0; i < row; i++) {
                const size_t at = (first + i) * factor + part;
                inputs[i] = at < end ? (double)input[at] : 0;
            }
            const double *at = inputs;
            for (size_t t = part; t < tap_count; t += factor, at++) {
                const double tap = taps[t];
                a += tap * *(const eight_doubles *)at;
                b += tap * *(const eight_doubles *)(at + 8);
                c += tap * *(const eight_doubles *)(at + 16);
                d += tap * *(const eight_doubles *)(at + 24);
            }
        }
        const eight_doubles sums[4] = {a, b, c, d};
        memcpy(outputs + first, sums, (count - first < block ? count - first : block) * sizeof *outputs);
    }
}
