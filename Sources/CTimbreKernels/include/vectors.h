// The inner loops of a search over vectors: 128 signed bytes each, in columns that are read as far as need be.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What the functions here are compiled for. The caller chooses, not the loader, so that tests can run all variants.
/// All give the same results.
enum __attribute__((enum_extensibility(closed))) timbre_variant {
    timbre_variant_portable,
    timbre_variant_avx2,
};

/// The last variant that this processor can run; it can also run those before it.
enum timbre_variant timbre_best_variant(void);

/// How many vectors are searched at a time at most: few enough for what one block finds to spare the next one work.
#define TIMBRE_VECTOR_BLOCK 1024

/// Where the first 16 components of some vectors are, their next 16, and the other 96.
struct timbre_vector_columns {
    const void *heads, *middles, *tails;
};

/// Lowers each of `count` distances to the squared distance between its vector and the query, where that is less, and
/// below `limit`. Sums over the first components bound the distance from below: the others are read only of vectors
/// that may be near enough.
void timbre_lower_to_vectors(enum timbre_variant variant, struct timbre_vector_columns columns, size_t count,
                             const void *query, uint32_t limit, uint32_t *distances);

/// Adds `weight` times the squared distance between their first 16 components and the query's to each of `count` sums.
void timbre_add_heads(enum timbre_variant variant, const void *heads, size_t count, const void *query,
                      uint32_t weight, uint32_t *sums);

/// Adds `weight` times the squared distance between the vector at its place and the query to each of `count` sums.
void timbre_add_vectors(enum timbre_variant variant, struct timbre_vector_columns columns, const uint32_t *places,
                        size_t count, const void *query, uint64_t weight, uint64_t *sums);

/// Writes down which of `count` distances are below a limit, ascending; returns how many.
size_t timbre_distances_below(enum timbre_variant variant, const uint32_t *distances, size_t count, uint32_t limit,
                              uint32_t *places);
