#include "CTimbreKernels.h"
#include "lanes.h"
#include <string.h>

// Where a processor multiplies and adds in one step, it is to do so: that is half of the work.
#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))

enum {
    panel = TIMBRE_PANEL,
    // Rows that are multiplied together: their sums and a row of weights fit into sixteen registers.
    group = 6
};

/// The products of `count` rows, known when this is compiled, with one panel.
INLINE void multiply(const float *rows, const size_t count, size_t inputs, const float *weights, size_t width,
                     float *results) {
    lanes sums[group];
    for (size_t r = 0; r < count; r++) sums[r] = (lanes){0};
    for (size_t i = 0; i < inputs; i++) {
        const lanes weight = AT(weights, i * panel);
        for (size_t r = 0; r < count; r++) sums[r] += rows[r * inputs + i] * weight;
    }
    for (size_t r = 0; r < count; r++) memcpy(results + r * width, &sums[r], sizeof sums[r]);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_multiply(const float *rows, size_t count, size_t inputs, const float *panels, size_t panel_count,
                     float *results) {
    const size_t width = panel_count * panel;
    for (size_t p = 0; p < panel_count; p++, panels += inputs * panel, results += panel) {
        size_t r = 0;
        for (; r + group <= count; r += group) multiply(rows + r * inputs, group, inputs, panels, width, results + r * width);
        const float *rest = rows + r * inputs;
        float *last = results + r * width;
        switch (count - r) {
        case 5: multiply(rest, 5, inputs, panels, width, last); break;
        case 4: multiply(rest, 4, inputs, panels, width, last); break;
        case 3: multiply(rest, 3, inputs, panels, width, last); break;
        case 2: multiply(rest, 2, inputs, panels, width, last); break;
        case 1: multiply(rest, 1, inputs, panels, width, last); break;
        default: break;
        }
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_standardise(const float *rows, size_t count, size_t width, const float *mean, const float *deviation,
                        float limit, float *results) {
    for (size_t r = 0; r < count; r++, rows += width, results += width)
        for (size_t i = 0; i < width; i++) {
            float value = (rows[i] - mean[i]) / deviation[i];
            // Neither comparison holds for what is not a number.
            value = value < limit ? value : limit;
            results[i] = value > -limit ? value : -limit;
        }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_normalise(const float *row, const float *bias, const float *gain, const float *offset, size_t width,
                      float *result) {
    lanes sum = {0}, square = {0};
    for (size_t i = 0; i < width; i += panel) {
        const lanes value = AT(row, i) + AT(bias, i);
        memcpy(result + i, &value, sizeof value);
        sum += value;
    }
    const float mean = total(&sum) / (float)width;
    for (size_t i = 0; i < width; i += panel) {
        const lanes off = AT(result, i) - mean;
        square += off * off;
    }
    const float scale = 1 / __builtin_sqrtf(total(&square) / (float)width + 1e-5f);
    for (size_t i = 0; i < width; i++) {
        const float value = (result[i] - mean) * scale * gain[i] + offset[i];
        result[i] = value > 0 ? value : 0;
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_scale_to(float factor, float *numbers, size_t width) {
    lanes square = {0};
    for (size_t i = 0; i < width; i += panel) square += AT(numbers, i) * AT(numbers, i);
    const float scale = factor / (__builtin_sqrtf(total(&square)) + 1e-9f);
    for (size_t i = 0; i < width; i++) numbers[i] *= scale;
}
