#include "transform.h"
#include "variants.h"
#include <string.h>

enum { part = 16, group = 4 };

/// Components behind the first two parts.
enum { rest = TIMBRE_COMPONENTS - 2 * part };

/// How many bytes ahead memory is asked for: the processor's own foresight ends with each page.
enum { ahead = 2048 };

typedef int8_t bytes __attribute__((vector_size(part), aligned(1), may_alias));
typedef int16_t shorts __attribute__((vector_size(2 * part)));
typedef int32_t squares __attribute__((vector_size(4 * part)));
typedef int32_t eight __attribute__((vector_size(32)));
typedef int32_t four __attribute__((vector_size(16)));

#ifdef __x86_64__
enum timbre_variant timbre_best_variant(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") ? timbre_variant_avx2 : timbre_variant_portable;
}
#else
enum timbre_variant timbre_best_variant(void) { return timbre_variant_portable; }
#endif

// Neighbours in each half are added: three of these reduce four vectors at once.
#define ADD_PAIRS(a, b)                                         \
    (__builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) + \
     __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15))

/// Adds the squares of the differences of 16 components, in pairs: one instruction where processors have it.
INLINE void add_squares(const int8_t *a, const int8_t *b, eight *sums) {
    shorts difference =
        __builtin_convertvector(*(const bytes *)a, shorts) - __builtin_convertvector(*(const bytes *)b, shorts);
    squares square = __builtin_convertvector(difference, squares);
    square *= square;
    *sums += __builtin_shufflevector(square, square, 0, 2, 4, 6, 8, 10, 12, 14) +
             __builtin_shufflevector(square, square, 1, 3, 5, 7, 9, 11, 13, 15);
}

/// The squared distances between `length` components of four vectors and the query's.
INLINE void measure(const int8_t *const vectors[group], size_t length, const int8_t *query, four *distances) {
    eight sums[group] = {0};
    for (size_t i = 0; i < length; i += part)
        for (size_t k = 0; k < group; k++) add_squares(vectors[k] + i, query + i, &sums[k]);
    eight halves = ADD_PAIRS(ADD_PAIRS(sums[0], sums[1]), ADD_PAIRS(sums[2], sums[3]));
    *distances =
        __builtin_shufflevector(halves, halves, 0, 1, 2, 3) + __builtin_shufflevector(halves, halves, 4, 5, 6, 7);
}

INLINE void scan(const int8_t *heads, size_t count, const int8_t *query, uint32_t weight, uint32_t *sums) {
    four distances;
    size_t grouped = count - count % group;
    for (size_t i = 0; i < grouped; i += group, heads += group * part) {
        const int8_t *const vectors[group] = {heads, heads + part, heads + 2 * part, heads + 3 * part};
        __builtin_prefetch(heads + ahead);
        measure(vectors, part, query, &distances);
        for (size_t k = 0; k < group; k++) sums[i + k] += weight * (uint32_t)distances[k];
    }
    for (size_t i = grouped; i < count; i++, heads += part) {
        const int8_t *const vectors[group] = {heads, heads, heads, heads};
        measure(vectors, part, query, &distances);
        sums[i] += weight * (uint32_t)distances[0];
    }
}

/// Finds the places, ascending, where the squared distance of the first components is below a limit; sets the sums
/// there. Returns how many there are.
INLINE size_t scan_below(const int8_t *heads, size_t count, const int8_t *query, uint32_t limit, uint32_t *sums,
                         uint32_t *places) {
    // Distances are below this, and signed numbers are compared faster.
    int32_t bound = limit < INT32_MAX ? (int32_t)limit : INT32_MAX;
    size_t found = 0, step = 2 * group, i = 0;
    four distances[2];
    for (; i + step <= count; i += step, heads += step * part) {
        for (size_t k = 0; k < 2; k++) {
            const int8_t *own = heads + k * group * part;
            const int8_t *const vectors[group] = {own, own + part, own + 2 * part, own + 3 * part};
            __builtin_prefetch(own + ahead);
            measure(vectors, part, query, &distances[k]);
        }
        // Most have nothing to note.
        if (!__builtin_reduce_or((distances[0] < bound) | (distances[1] < bound))) continue;
        for (size_t k = 0; k < step; k++) {
            sums[i + k] = (uint32_t)distances[k / group][k % group];
            places[found] = (uint32_t)(i + k);
            found += distances[k / group][k % group] < bound;
        }
    }
    for (; i < count; i++, heads += part) {
        const int8_t *const vectors[group] = {heads, heads, heads, heads};
        measure(vectors, part, query, &distances[0]);
        sums[i] = (uint32_t)distances[0][0];
        places[found] = (uint32_t)i;
        found += distances[0][0] < bound;
    }
    return found;
}

INLINE size_t below(const uint32_t *distances, size_t count, uint32_t limit, uint32_t *places) {
    enum { block = 64 };
    size_t found = 0;
    for (size_t start = 0; start < count; start += block) {
        size_t end = start + block < count ? start + block : count;
        // Most blocks have nothing to note, which takes a few instructions to see.
        if (end - start == block) {
            uint32_t least = UINT32_MAX;
            for (size_t i = 0; i < block; i++) least = distances[start + i] < least ? distances[start + i] : least;
            if (least >= limit) continue;
        }
        for (size_t i = start; i < end; i++) {
            places[found] = (uint32_t)i;
            found += distances[i] < limit;
        }
    }
    return found;
}

/// Adds the squared distances of the next `length` components, and keeps those places whose sums stay below the limit.
/// There is room for three groups more of places than there are. Returns how many are kept.
INLINE size_t narrow(const int8_t *column, size_t length, const int8_t *query, uint32_t limit, uint32_t *sums,
                     uint32_t *places, size_t count) {
    size_t kept = 0;
    // The last group is filled up, and those that are asked for ahead are two groups farther.
    memset(places + count, 0, 3 * group * sizeof *places);
    for (size_t i = 0; i < count; i += group) {
        const int8_t *vectors[group];
        four distances;
        for (size_t k = 0; k < group; k++) {
            vectors[k] = column + length * places[i + k];
            __builtin_prefetch(column + length * places[i + 2 * group + k]);
        }
        measure(vectors, length, query, &distances);
        for (size_t k = 0; k < group && i + k < count; k++) {
            uint32_t place = places[i + k];
            sums[place] += (uint32_t)distances[k];
            // Without a branch, which nobody could foretell.
            places[kept] = place;
            kept += sums[place] < limit;
        }
    }
    return kept;
}

COMPILED(void, lower_to_vectors,
         (struct timbre_vector_columns columns, size_t count, const int8_t *query, uint32_t limit,
          uint32_t *distances),
         {
             uint32_t sums[TIMBRE_VECTOR_BLOCK];
             uint32_t places[TIMBRE_VECTOR_BLOCK + 3 * group];
             size_t near = scan_below(columns.heads, count, query, limit, sums, places);
             near = narrow(columns.middles, part, query + part, limit, sums, places, near);
             near = narrow(columns.tails, rest, query + 2 * part, limit, sums, places, near);
             for (size_t i = 0; i < near; i++) {
                 uint32_t *distance = distances + places[i];
                 *distance = sums[places[i]] < *distance ? sums[places[i]] : *distance;
             }
         })

void timbre_lower_to_vectors(enum timbre_variant variant, struct timbre_vector_columns columns, size_t count,
                             const void *query, uint32_t limit, uint32_t *distances) {
    CHOSEN(lower_to_vectors)(columns, count, query, limit, distances);
}

COMPILED(void, add_heads, (const int8_t *heads, size_t count, const int8_t *query, uint32_t weight, uint32_t *sums),
         { scan(heads, count, query, weight, sums); })

void timbre_add_heads(enum timbre_variant variant, const void *heads, size_t count, const void *query,
                      uint32_t weight, uint32_t *sums) {
    CHOSEN(add_heads)(heads, count, query, weight, sums);
}

COMPILED(void, add_vectors,
         (struct timbre_vector_columns columns, const uint32_t *places, size_t count, const int8_t *query,
          uint64_t weight, uint64_t *sums),
         {
             for (size_t i = 0; i < count; i++) {
                 size_t place = part * (size_t)places[i];
                 eight squares = {0};
                 add_squares((const int8_t *)columns.heads + place, query, &squares);
                 add_squares((const int8_t *)columns.middles + place, query + part, &squares);
                 const int8_t *tail = (const int8_t *)columns.tails + rest * (size_t)places[i];
                 for (size_t c = 0; c < rest; c += part) add_squares(tail + c, query + 2 * part + c, &squares);
                 uint32_t distance = 0;
                 for (int k = 0; k < 8; k++) distance += (uint32_t)squares[k];
                 sums[i] += weight * distance;
             }
         })

void timbre_add_vectors(enum timbre_variant variant, struct timbre_vector_columns columns, const uint32_t *places,
                        size_t count, const void *query, uint64_t weight, uint64_t *sums) {
    CHOSEN(add_vectors)(columns, places, count, query, weight, sums);
}

COMPILED(size_t, distances_below, (const uint32_t *distances, size_t count, uint32_t limit, uint32_t *places),
         { return below(distances, count, limit, places); })

size_t timbre_distances_below(enum timbre_variant variant, const uint32_t *distances, size_t count, uint32_t limit,
                              uint32_t *places) {
    return CHOSEN(distances_below)(distances, count, limit, places);
}
