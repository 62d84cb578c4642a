#include "CTimbreKernels.h"
#include <math.h>

enum { bands = TIMBRE_COMPARED_BANDS, apart = 48, lane_width = 16 };

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_write_levels(const uint8_t *bytes, float top, float floor, float *row) {
    for (int b = 0; b < bands; b++) {
        const float level = top + ((float)bytes[b] - 255) / 255 * 80;
        row[b] = level > floor ? level : floor;
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_move_levels(float *row, const float *other, float share) {
    for (int b = 0; b < bands; b++) row[b] += share * (other[b] - row[b]);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
struct timbre_row timbre_subtract_levels(const float *a, const float *b, float least, float *differences) {
    int32_t counted = 0;
    for (int i = 0; i < bands; i++) {
        const int counts = (a[i] > least) | (b[i] > least);
        differences[i] = counts ? a[i] - b[i] : NAN;
        counted += counts;
    }
    // Low bands beside high ones: sounds of other colours differ there in other ways. Sums side by side, as in registers.
    float sums[lane_width] = {0};
    for (int start = 0; start < apart; start += lane_width)
        for (int i = 0; i < lane_width; i++) {
            const float spread = fabsf(differences[start + i] - differences[start + i + apart]);
            sums[i] += spread == spread ? spread : 0;
        }
    float spread = 0;
    for (int i = 0; i < lane_width; i++) spread += sums[i];
    return (struct timbre_row){(uint32_t)counted, spread};
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_count_differences(const float *differences, size_t rows, float reach, float steps, uint32_t *histogram) {
    const int32_t nowhere = (int32_t)(2 * reach * steps) + 1;
    int32_t places[bands];
    for (size_t row = 0; row < rows; row++, differences += bands) {
        for (int b = 0; b < bands; b++) {
            const float near = differences[b] > -reach ? differences[b] : -reach;
            const float steps_up = ((near < reach ? near : reach) + reach) * steps;
            const int32_t whole = (int32_t)steps_up;
            const int32_t place = whole + (steps_up - (float)whole >= 0.5f);
            places[b] = differences[b] == differences[b] ? place : nowhere;
        }
        for (int b = 0; b < bands; b++) histogram[places[b]]++;
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
struct timbre_sizes timbre_measure_differences(const float *differences, size_t rows, float median, size_t lasting) {
    double single[bands] = {0}, all[bands] = {0};
    float sums[bands] = {0};
    for (size_t row = 0; row < rows; row++, differences += bands) {
        for (int b = 0; b < bands; b++) {
            const float difference = differences[b] - median;
            const float counted = difference == difference ? difference : 0;
            single[b] += fabsf(counted);
            sums[b] += counted;
        }
        if ((row + 1) % lasting != 0 && row + 1 != rows) continue;
        for (int b = 0; b < bands; b++) {
            all[b] += fabsf(sums[b]);
            sums[b] = 0;
        }
    }
    struct timbre_sizes sizes = {0, 0};
    for (int b = 0; b < bands; b++) {
        sizes.single += single[b];
        sizes.lasting += all[b];
    }
    return sizes;
}
