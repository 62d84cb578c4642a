#include "CTimbreKernels.h"

enum { width = TIMBRE_FRAME_VALUES, quick = TIMBRE_QUICK_CHANGES, slow = TIMBRE_SLOW_CHANGES };

#define INLINE static inline __attribute__((always_inline))

INLINE void add_moments(const float *row, double weight, struct timbre_part_sums *sums) {
    sums->weight += weight;
    for (int c = 0; c < width; c++) {
        const double value = (double)row[c], weighted = weight * value;
        sums->values[c] += weighted;
        sums->squares[c] += weighted * value;
    }
    for (int c = 0; c < TIMBRE_SKEWED; c++) {
        const double value = (double)row[c];
        sums->cubes[c] += weight * value * value * value;
    }
}

INLINE void add_changes(const float *row, const double *weight, struct timbre_part_sums *sums) {
    if (sums->count >= 1) {
        const double both = weight[0] + weight[-1];
        sums->pair_weights[0] += both;
        for (int c = 0; c < quick; c++) sums->quick_changes[c] += both * (double)__builtin_fabsf(row[c] - row[c - width]);
    }
    for (int lag = 1; lag < TIMBRE_LAGS && sums->count >= (size_t)1 << lag; lag++) {
        const float *earlier = row - ((size_t)width << lag);
        const double both = weight[0] + weight[-(1 << lag)];
        sums->pair_weights[lag] += both;
        for (int c = 0; c < slow; c++) sums->slow_changes[lag - 1][c] += both * (double)__builtin_fabsf(row[c] - earlier[c]);
    }
}

INLINE void add_course(const float *row, struct timbre_part_sums *sums) {
    for (; sums->next_course < TIMBRE_COURSE_PARTS; sums->next_course++) {
        const double end = (double)((sums->next_course + 1) * sums->length) / TIMBRE_COURSE_PARTS;
        const size_t whole = (size_t)end < sums->length - 1 ? (size_t)end : sums->length - 1;
        if (whole != sums->count) break;
        for (int c = 0; c < TIMBRE_COURSES; c++)
            sums->courses[sums->next_course][c] = sums->running[c] + (end - (double)whole) * (double)row[c];
    }
    for (int c = 0; c < TIMBRE_COURSES; c++) sums->running[c] += (double)row[c];
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_add_frames(const float *rows, const double *weights, size_t count, struct timbre_part_sums *sums) {
    for (size_t f = 0; f < count; f++, sums->count++) {
        const float *row = rows + f * width;
        const double weight = weights[f];
        float first[width];
        if (sums->count == 0) {
            // Nothing has changed before the first frame.
            for (int c = 0; c < width; c++) first[c] = row[c];
            first[TIMBRE_CEPSTRA + TIMBRE_SHAPES - 1] = 0;
        }
        const float *own = sums->count == 0 ? first : row;
        add_moments(own, weight, sums);
        add_changes(row, weights + f, sums);
        add_course(own, sums);
        if (sums->count < sums->attack_start || sums->count >= sums->attack_start + TIMBRE_ATTACK) continue;
        sums->attack_weight += weight;
        for (int c = 0; c < TIMBRE_CEPSTRA + TIMBRE_SHAPES; c++) sums->attack[c] += weight * (double)own[c];
    }
}
