#include "CTimbreKernels.h"
#include <string.h>

enum { row = TIMBRE_ROW };

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_add_weighted(const float *rows, size_t count, const double *weights, double *sums) {
    double part[row];
    memcpy(part, sums, sizeof part);
    for (size_t f = 0; f < count; f++)
        for (int c = 0; c < row; c++) part[c] += weights[f] * (double)rows[f * row + c];
    memcpy(sums, part, sizeof part);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_add_deviations(const float *rows, size_t count, const double *weights, const double *means, double *sums) {
    double part[row];
    memcpy(part, sums, sizeof part);
    for (size_t f = 0; f < count; f++)
        for (int c = 0; c < row; c++) {
            const double difference = (double)rows[f * row + c] - means[c];
            part[c] += weights[f] * (difference * difference);
        }
    memcpy(sums, part, sizeof part);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_add_changes(const float *rows, size_t count, const double *weights, double *sums) {
    double part[row];
    memcpy(part, sums, sizeof part);
    for (size_t f = 1; f < count; f++) {
        const double weight = weights[f - 1] + weights[f];
        for (int c = 0; c < row; c++) {
            const double difference = (double)rows[f * row + c] - (double)rows[(f - 1) * row + c];
            part[c] += weight * (difference < 0 ? -difference : difference);
        }
    }
    memcpy(sums, part, sizeof part);
}
