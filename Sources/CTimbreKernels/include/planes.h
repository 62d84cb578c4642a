// The inner loops of a search over codes that are kept in planes: of many codes the first bits, then the second ones.
//
// A search reads only the planes of the bits that the query has, and how many bits each code has: the Hamming distance
// of a and b is |a| + |b| - 2 |a & b|. Distances are added up and compared in all lanes of a register at once, one bit
// of theirs a register.
#pragma once
#include "vectors.h"

/// Codes in a block. Each plane of a block is one line of the processor's cache.
#define TIMBRE_PLANE_BLOCK 512
/// Words of a plane in a block. The code at place p is bit p mod 64 of word p / 64.
#define TIMBRE_PLANE_WORDS 8
/// Planes of a block: one for each of the 128 bits of the codes, and eight for how many bits a code has.
#define TIMBRE_PLANES 136

/// A rank is the Hamming distance times 256, plus 255 less the bits shared: the smaller, the nearer.

/// Finds which of `count` codes, starting with a block, have a rank below `limit` beside a query, and lowers theirs of
/// `ranks` to it. `bits` are the `bit_count` bits of the query. `found` has a bit for each code, 0 at first; where it
/// is not set, nothing is known of the rank, and both are set.
void timbre_lower_ranks(enum timbre_variant variant, const uint64_t *planes, size_t count, const uint8_t *bits,
                        size_t bit_count, uint16_t limit, uint64_t *found, uint16_t *ranks);

/// Writes down which of `count` bits are set, ascending, and takes them back; returns how many.
size_t timbre_take_places(uint64_t *found, size_t count, uint32_t *places);

/// The Hamming distance of each of `count` codes, starting with a block, to a query. There is room for whole blocks.
void timbre_plane_distances(enum timbre_variant variant, const uint64_t *planes, size_t count, const uint8_t *bits,
                            size_t bit_count, uint8_t *distances);

/// Adds `weight` times the least of the distances of its elements to the sum of each of `owner_count` owners, where
/// there are any. The elements of an owner end at its place in `ends`; they start where those of the one before end.
/// Sixteen bytes behind the last distance can be read.
void timbre_add_least(enum timbre_variant variant, const uint8_t *distances, const uint32_t *ends, size_t owner_count,
                      uint32_t weight, uint32_t *sums);
