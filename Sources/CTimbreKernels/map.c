#include "CTimbreKernels.h"
#include "variants.h"
#include <string.h>

enum { lanes = TIMBRE_MAP_MULTIPLE };

typedef float floats __attribute__((vector_size(4 * lanes), aligned(4), may_alias));

/// The sum of the lanes, in an order that is the same on every machine.
INLINE float total(const float *sum) {
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

COMPILED(double, repulsion,
         (const float *x, const float *y, size_t count, const float *sample_x, const float *sample_y, size_t sample,
          float *force_x, float *force_y),
         {
             double all = 0;
             for (size_t i = 0; i < count; i++) {
                 floats sum = {0}, sum_x = {0}, sum_y = {0};
                 for (size_t s = 0; s < sample; s += lanes) {
                     floats dx = x[i] - *(const floats *)(sample_x + s);
                     floats dy = y[i] - *(const floats *)(sample_y + s);
                     floats q = 1.0f / (1.0f + dx * dx + dy * dy);
                     sum += q;
                     q *= q;
                     sum_x += q * dx;
                     sum_y += q * dy;
                 }
                 all += (double)total((float *)&sum);
                 force_x[i] = total((float *)&sum_x);
                 force_y[i] = total((float *)&sum_y);
             }
             return all;
         })

double timbre_map_repulsion(enum timbre_variant variant, const float *x, const float *y, size_t count,
                            const float *sample_x, const float *sample_y, size_t sample, float *force_x,
                            float *force_y) {
    return CHOSEN(repulsion)(x, y, count, sample_x, sample_y, sample, force_x, force_y);
}

void timbre_map_attraction(const float *x, const float *y, size_t count, const uint32_t *neighbours,
                           const float *weights, size_t degree, float *force_x, float *force_y) {
    memset(force_x, 0, count * sizeof *force_x);
    memset(force_y, 0, count * sizeof *force_y);
    for (size_t i = 0; i < count; i++) {
        float own_x = 0, own_y = 0;
        for (size_t k = i * degree; k < (i + 1) * degree; k++) {
            size_t j = neighbours[k];
            float dx = x[i] - x[j], dy = y[i] - y[j];
            float pull = weights[k] / (1.0f + dx * dx + dy * dy);
            own_x += pull * dx;
            own_y += pull * dy;
            force_x[j] -= pull * dx;
            force_y[j] -= pull * dy;
        }
        force_x[i] += own_x;
        force_y[i] += own_y;
    }
}

void timbre_map_move(float *coordinates, float *speeds, float *gains, const float *attraction, const float *repulsion,
                     size_t count, float attracted, float repelled, float rate, float momentum) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        float gradient = attracted * attraction[i] - repelled * repulsion[i];
        // A coordinate that goes on as before goes faster, one that swings slower.
        float gain = (gradient > 0) == (speeds[i] > 0) ? gains[i] * 0.8f : gains[i] + 0.2f;
        gains[i] = gain > 0.01f ? gain : 0.01f;
        speeds[i] = momentum * speeds[i] - rate * gains[i] * gradient;
        coordinates[i] += speeds[i];
        sum += (double)coordinates[i];
    }
    float mean = (float)(sum / (double)count);
    for (size_t i = 0; i < count; i++) coordinates[i] -= mean;
}
