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

#include "filter.h"
