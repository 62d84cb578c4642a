#include "CTimbreKernels.h"
#include "lanes.h"
#include <string.h>

// All sums are of sixteen numbers side by side, so that every processor gives the same bits.
enum { width = TIMBRE_ANALYSIS_MULTIPLE };
typedef float eight_floats __attribute__((vector_size(2 * width), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_window(const float *samples, const float *window, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = samples[i] * window[i];
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_window_exactly(const double *samples, const double *window, double *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = samples[i] * window[i];
}

#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define REVERSED(a) __builtin_shufflevector(a, a, 7, 6, 5, 4, 3, 2, 1, 0)

INLINE float real_magnitude(const float *z, const float *mirrored, float cosine, float sine, float scale) {
    const float even_real = z[0] + mirrored[0], even_imaginary = z[1] - mirrored[1];
    const float odd_real = z[1] + mirrored[1], odd_imaginary = mirrored[0] - z[0];
    const float real = even_real + (odd_real * cosine - odd_imaginary * sine);
    const float imaginary = even_imaginary + (odd_real * sine + odd_imaginary * cosine);
    return 0.5f * scale * __builtin_sqrtf(real * real + imaginary * imaginary);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_real_magnitudes(const float *spectrum, size_t half, const float *turns, float scale, float *magnitudes,
                            size_t count) {
    enum { step = width / 2 };
    if (count == 0) return;
    // Bins 0 and `half` both come from the first number, which is its own mirror image.
    magnitudes[0] = real_magnitude(spectrum, spectrum, 1, 0, scale);
    const size_t inner = count < half ? count : half;
    size_t k = 1;
    for (; k + step <= inner; k += step) {
        // Numbers k to k + 7, and half - k down to half - k - 7.
        const float *from = spectrum + 2 * k, *back = spectrum + 2 * (half - k - step + 1);
        const eight_floats a = *(const eight_floats *)from, b = *(const eight_floats *)(from + step);
        const eight_floats c = *(const eight_floats *)back, d = *(const eight_floats *)(back + step);
        const eight_floats real = EVEN(a, b), imaginary = ODD(a, b);
        const eight_floats other_real = EVEN(c, d), other_imaginary = ODD(c, d);
        const eight_floats mirrored_real = REVERSED(other_real), mirrored_imaginary = REVERSED(other_imaginary);
        const eight_floats cosine = *(const eight_floats *)(turns + k), sine = *(const eight_floats *)(turns + half + k);
        const eight_floats odd_real = imaginary + mirrored_imaginary, odd_imaginary = mirrored_real - real;
        const eight_floats x = (real + mirrored_real) + (odd_real * cosine - odd_imaginary * sine);
        const eight_floats y = (imaginary - mirrored_imaginary) + (odd_real * sine + odd_imaginary * cosine);
        *(eight_floats *)(magnitudes + k) = x * x + y * y;
    }
    for (size_t i = 1; i < k; i++) magnitudes[i] = 0.5f * scale * __builtin_sqrtf(magnitudes[i]);
    for (; k < inner; k++)
        magnitudes[k] =
            real_magnitude(spectrum + 2 * k, spectrum + 2 * (half - k), turns[k], turns[half + k], scale);
    if (count > half) magnitudes[half] = scale * __builtin_fabsf(spectrum[0] - spectrum[1]);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_magnitudes_exactly(const double *spectrum, double scale, float *magnitudes, size_t count) {
    for (size_t i = 0; i < count; i++)
        magnitudes[i] = (float)(scale * __builtin_sqrt(spectrum[2 * i] * spectrum[2 * i] +
                                                       spectrum[2 * i + 1] * spectrum[2 * i + 1]));
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
float timbre_sum_magnitudes(const float *magnitudes, const timbre_band *bands, size_t count, const float *weights,
                            float *sums) {
    float top = 0;
    for (size_t b = 0; b < count; b++) {
        const float *magnitude = magnitudes + bands[b].first, *weight = weights + bands[b].weights;
        eight_floats sum = {0};
        for (uint32_t i = 0; i < bands[b].count; i += width / 2)
            sum += *(const eight_floats *)(magnitude + i) * *(const eight_floats *)(weight + i);
        sum += __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 0, 1, 2, 3);
        sum += __builtin_shufflevector(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5);
        sums[b] = sum[0] + sum[1];
        top = sums[b] > top ? sums[b] : top;
    }
    return top;
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_cepstrum(const float *sums, size_t count, float top, float floor, const float *cosines, float *levels,
                     float *cepstrum) {
    for (size_t b = 0; b < count; b += width) {
        lanes ratio = AT(sums, b) / top;
        lane_bits low = ratio < floor;
        ratio = (lanes)(((lane_bits)ratio & ~low) | ((lane_bits)(floor + (lanes){0}) & low));
        to_logarithms(&ratio);
        memcpy(levels + b, &ratio, sizeof ratio);
    }
    // Four sums, so that one addition need not wait for the other.
    lanes sum[4] = {0};
    for (size_t b = 0; b < count; b += 4)
        for (size_t k = 0; k < 4; k++) sum[k] += levels[b + k] * AT(cosines, (b + k) * TIMBRE_COSINES);
    const lanes total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    memcpy(cepstrum, &total, sizeof total);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
float timbre_inverse_squares(const float *numbers, size_t count, float limit) {
    float sums[width] = {0};
    for (size_t i = 0; i + width <= count; i += width)
        for (int k = 0; k < width; k++) {
            const float number = numbers[i + k];
            sums[k] += number > limit ? 1 / (number * number) : 0;
        }
    for (size_t i = count - count % width; i < count; i++)
        sums[0] += numbers[i] > limit ? 1 / (numbers[i] * numbers[i]) : 0;
    for (int step = width / 2; step > 0; step /= 2)
        for (int i = 0; i < step; i++) sums[i] += sums[i + step];
    return sums[0];
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_quantise_levels(const float *levels, size_t count, float steps, uint8_t *bytes) {
    for (size_t i = 0; i < count; i++) {
        const float value = 255.5f + levels[i] * steps;
        bytes[i] = (uint8_t)(int32_t)(value > 0 ? value : 0);
    }
}
