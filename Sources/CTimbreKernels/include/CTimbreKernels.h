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

/// The Hamming distance of each of `count` 128-bit codes, kept as two columns, to one query.
void timbre_hamming(const uint64_t *high, const uint64_t *low, size_t count, uint64_t query_high, uint64_t query_low,
                    uint8_t *distances);

/// Lowers each of `count` ranks to that of its code with one query, where that is less. A rank is the Hamming distance
/// times 256, plus 255 less the bits shared; `bits` says how many bits each code has, `query_bits` how many the query
/// has.
void timbre_rank(const uint64_t *high, const uint64_t *low, const uint8_t *bits, size_t count, uint64_t query_high,
                 uint64_t query_low, uint8_t query_bits, uint16_t *ranks);

/// Writes down which of `count` ranks are below a limit, ascending; returns how many.
size_t timbre_below(const uint16_t *ranks, size_t count, uint16_t limit, uint32_t *places);

/// Finds the least of the distances of each owner's elements, and adds `weight` times that to the owner's sum. `least`
/// is room to compute in; owners lie below `owner_count`.
void timbre_add_least(const uint8_t *distances, const uint16_t *owners, size_t count, uint32_t weight, uint8_t *least,
                      uint32_t *sums, size_t owner_count);

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
#include "filter.h"
#include "transform.h"
#include "vectors.h"
