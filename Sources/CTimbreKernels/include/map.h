// The inner loops of the map: what draws points together, what drives them apart, and how they move.
#pragma once
#include "vectors.h"
#include <stddef.h>

/// The sample of points that repel is padded to a multiple of this.
#define TIMBRE_MAP_MULTIPLE 8

/// The repulsion of a sample on each of `count` points, before it is divided by the sum of all similarities: the sum of
/// q² (p - s) over the sample, where q = 1/(1 + |p - s|²).
///
/// `sample` is a multiple of TIMBRE_MAP_MULTIPLE; what pads it lies far away. Returns the sum of q over all pairs.
double timbre_map_repulsion(enum timbre_variant variant, const float *x, const float *y, size_t count,
                            const float *sample_x, const float *sample_y, size_t sample, float *force_x,
                            float *force_y);

/// The attraction between `count` points and their neighbours, of which each has `degree`: w q (p - n) for each pair is
/// part of the force on a point, and taken off that on its neighbour.
void timbre_map_attraction(const float *x, const float *y, size_t count, const uint32_t *neighbours,
                           const float *weights, size_t degree, float *force_x, float *force_y);

/// Moves `count` coordinates against a gradient, which is `attracted` · attraction - `repelled` · repulsion, with momentum
/// and a gain of its own for each: R. A. Jacobs, "Increased rates of convergence through learning rate adaptation",
/// *Neural Networks* 1 (1988). Then takes the mean off.
void timbre_map_move(float *coordinates, float *speeds, float *gains, const float *attraction, const float *repulsion,
                     size_t count, float attracted, float repelled, float rate, float momentum);
