#include "CTimbreKernels.h"
#include <string.h>

enum { dimension = 13, width = 128, block = 64 };

// Squares are not negative, so that their order is that of their bits read as integers; minima of integers are what
// compilers vectorise without being allowed to reorder sums.
TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_nearest(const float *frames, size_t count, const float *columns, uint8_t *codes, float *distances) {
    for (size_t f = 0; f < count; f++) {
        const float *frame = frames + f * dimension;
        float sums[width];
        for (int start = 0; start < width; start += block) {
            float part[block] = {0};
            for (int j = 0; j < dimension; j++) {
                const float *column = columns + j * width + start;
                const float component = frame[j];
                for (int c = 0; c < block; c++) {
                    float difference = component - column[c];
                    part[c] += difference * difference;
                }
            }
            memcpy(sums + start, part, sizeof part);
        }
        int32_t bits[width];
        memcpy(bits, sums, sizeof bits);
        int32_t least = INT32_MAX;
        for (int c = 0; c < width; c++) least = bits[c] < least ? bits[c] : least;
        int32_t nearest = width;
        for (int c = 0; c < width; c++) {
            int32_t candidate = bits[c] == least ? c : width;
            nearest = candidate < nearest ? candidate : nearest;
        }
        codes[f] = (uint8_t)nearest;
        memcpy(distances + f, &least, sizeof least);
    }
}

void timbre_gather(const float *frames, size_t count, const float *columns, uint8_t *codes, float *distances,
                   double *sums, size_t sum_count) {
    timbre_nearest(frames, count, columns, codes, distances);
    for (size_t f = 0; f < count; f++) {
        double *sum = sums + (size_t)codes[f] * dimension;
        for (int j = 0; j < dimension; j++) sum[j] += (double)frames[f * dimension + j];
        sums[sum_count] += (double)distances[f];
    }
}

double timbre_approach(const float *frames, size_t count, const float *centroid, float *distances) {
    double sum = 0;
    for (size_t f = 0; f < count; f++) {
        float distance = 0;
        for (int j = 0; j < dimension; j++) {
            float difference = frames[f * dimension + j] - centroid[j];
            distance += difference * difference;
        }
        if (distance < distances[f]) distances[f] = distance;
        sum += (double)distances[f];
    }
    return sum;
}
