// The step from descriptors to timbre vectors in earlier models, and the distance of two vectors.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Components of a timbre vector, and of one that an earlier model gives.
#define TIMBRE_COMPONENTS 128
#define TIMBRE_EARLIER_COMPONENTS 64

/// Standardises `count` descriptors and projects them: `columns` has TIMBRE_EARLIER_COMPONENTS weights a descriptor. A
/// standardised value beyond ±`limit` is taken to lie there, as is at `limit` one that is not a number. Each component
/// is the sum over the descriptors in their order.
void timbre_project(const float *descriptors, size_t count, const float *mean, const float *scale, float limit,
                    const float *columns, float *components);

/// The squared distance of two vectors of TIMBRE_COMPONENTS signed bytes.
int32_t timbre_squared_distance(const void *first, const void *second);
