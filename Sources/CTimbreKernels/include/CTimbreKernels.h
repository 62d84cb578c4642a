// The inner loops of coding and search, compiled once for each generation of x86 and chosen when the program starts.
// No sum here depends on the width of the registers: every variant gives the same bits.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)
#define TIMBRE_CLONES(...) __attribute__((target_clones(__VA_ARGS__)))
#else
#define TIMBRE_CLONES(...)
#endif

/// Reads so many bytes, as fast as memory gives them, and does next to nothing with them: what a search over them is
/// measured by. Returns the bits that are set in any of them.
uint64_t timbre_read(const void *bytes, size_t count);

/// For each of `count` vectors of 13 components the nearest of 128 centroids, the lowest on a tie, and the squared
/// distance to it. `columns` holds the centroids as 13 rows of 128; unused columns are infinite. Each squared distance
/// is the sum over the components in their order.
void timbre_nearest(const float *frames, size_t count, const float *columns, uint8_t *codes, float *distances);

/// `timbre_nearest`, which also adds each vector to the sum of its centroid's vectors and the squared distances to a
/// sum of their own: `sums` has `sum_count` numbers, 13 a centroid, and then that one.
void timbre_gather(const float *frames, size_t count, const float *columns, uint8_t *codes, float *distances,
                   double *sums, size_t sum_count);

/// Lowers each of `count` squared distances to that between its vector of 13 components and one more centroid, where
/// that is less; returns their sum.
double timbre_approach(const float *frames, size_t count, const float *centroid, float *distances);

#include "analysis.h"
#include "descriptors.h"
#include "differences.h"
#include "events.h"
#include "filter.h"
#include "frames.h"
#include "map.h"
#include "network.h"
#include "planes.h"
#include "transform.h"
#include "vectors.h"
