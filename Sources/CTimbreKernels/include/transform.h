// The step from descriptors to timbre vectors of 64 components, and the distance of two.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Components of a timbre vector.
#define TIMBRE_COMPONENTS 64

/// Standardises `count` descriptors and projects them: `columns` has TIMBRE_COMPONENTS weights a descriptor. A
/// standardised value beyond ±`limit` is taken to lie there, as is at `limit` one that is not a number. Each component
/// is the sum over the descriptors in their order.
void timbre_project(const float *descriptors, size_t count, const float *mean, const float *scale, float limit,
                    const float *columns, float *components);

/// The squared distance of two vectors of TIMBRE_COMPONENTS signed bytes.
int32_t timbre_squared_distance(const void *first, const void *second);
