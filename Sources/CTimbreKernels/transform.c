#include "CTimbreKernels.h"

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_project(const float *descriptors, size_t count, const float *mean, const float *scale, float limit,
                    const float *columns, float *components) {
    float sums[TIMBRE_EARLIER_COMPONENTS] = {0};
    for (size_t d = 0; d < count; d++) {
        float value = (descriptors[d] - mean[d]) * scale[d];
        // Neither comparison holds for what is not a number.
        value = value < limit ? value : limit;
        value = value > -limit ? value : -limit;
        for (int c = 0; c < TIMBRE_EARLIER_COMPONENTS; c++) sums[c] += value * columns[d * TIMBRE_EARLIER_COMPONENTS + c];
    }
    for (int c = 0; c < TIMBRE_EARLIER_COMPONENTS; c++) components[c] = sums[c];
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
int32_t timbre_squared_distance(const void *first, const void *second) {
    const int8_t *a = first, *b = second;
    int32_t sum = 0;
    for (int c = 0; c < TIMBRE_COMPONENTS; c++) {
        const int32_t difference = (int32_t)a[c] - b[c];
        sum += difference * difference;
    }
    return sum;
}
