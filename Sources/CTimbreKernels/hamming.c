#include "CTimbreKernels.h"

TIMBRE_CLONES("avx512vpopcntdq", "avx2", "popcnt", "default")
void timbre_hamming(const uint64_t *high, const uint64_t *low, size_t count, uint64_t query_high, uint64_t query_low,
                    uint8_t *distances) {
    for (size_t i = 0; i < count; i++)
        distances[i] = (uint8_t)(__builtin_popcountll(high[i] ^ query_high) + __builtin_popcountll(low[i] ^ query_low));
}
