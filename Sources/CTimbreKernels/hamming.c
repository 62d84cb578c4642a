#include "CTimbreKernels.h"
#include <string.h>

// Added in 64 bits and narrowed once: narrowing is the dear part of the widest variant.
static inline uint64_t distance(uint64_t high, uint64_t low) {
    return (uint64_t)__builtin_popcountll(high) + (uint64_t)__builtin_popcountll(low);
}

TIMBRE_CLONES("avx512vpopcntdq", "avx2", "popcnt", "default")
void timbre_hamming(const uint64_t *high, const uint64_t *low, size_t count, uint64_t query_high, uint64_t query_low,
                    uint8_t *distances) {
    for (size_t i = 0; i < count; i++) distances[i] = (uint8_t)distance(high[i] ^ query_high, low[i] ^ query_low);
}

// |a & b| = (|a| + |b| - |a ^ b|) / 2: the shared bits cost no counting of their own.
TIMBRE_CLONES("avx512vpopcntdq", "avx2", "popcnt", "default")
void timbre_rank(const uint64_t *high, const uint64_t *low, const uint8_t *bits, size_t count, uint64_t query_high,
                 uint64_t query_low, uint8_t query_bits, uint16_t *ranks) {
    for (size_t i = 0; i < count; i++) {
        unsigned differing = (unsigned)distance(high[i] ^ query_high, low[i] ^ query_low);
        unsigned shared = (bits[i] + (unsigned)query_bits - differing) / 2;
        uint16_t rank = (uint16_t)(differing << 8 | (255 - shared));
        ranks[i] = rank < ranks[i] ? rank : ranks[i];
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
size_t timbre_below(const uint16_t *ranks, size_t count, uint16_t limit, uint32_t *places) {
    enum { block = 64 };
    size_t found = 0;
    for (size_t start = 0; start < count; start += block) {
        size_t end = start + block < count ? start + block : count;
        // Most blocks have nothing to note, which takes a few instructions to see.
        if (end - start == block) {
            uint16_t least = UINT16_MAX;
            for (size_t i = 0; i < block; i++) least = ranks[start + i] < least ? ranks[start + i] : least;
            if (least >= limit) continue;
        }
        for (size_t i = start; i < end; i++) {
            places[found] = (uint32_t)i;
            found += ranks[i] < limit;
        }
    }
    return found;
}

void timbre_add_least(const uint8_t *distances, const uint16_t *owners, size_t count, uint32_t weight, uint8_t *least,
                      uint32_t *sums, size_t owner_count) {
    memset(least, UINT8_MAX, owner_count);
    for (size_t i = 0; i < count; i++) {
        uint8_t *own = least + owners[i];
        *own = distances[i] < *own ? distances[i] : *own;
    }
    for (size_t i = 0; i < owner_count; i++) sums[i] += weight * least[i];
}
