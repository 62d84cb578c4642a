#include "variants.h"
#include "planes.h"
#include <string.h>

enum { planes = TIMBRE_PLANES, words = TIMBRE_PLANE_WORDS, bits_of_count = 8, levels = 9, block = TIMBRE_PLANE_BLOCK };

/// How many blocks ahead memory is asked for: planes are too far apart for the processor to foresee.
enum { ahead = 4 };

/// 256 codes, one bit of each.
typedef uint64_t lanes __attribute__((vector_size(32), aligned(8), may_alias));
/// 64 codes: the eight bits of a number for each.
typedef uint8_t bytes __attribute__((vector_size(64)));
typedef uint64_t octets __attribute__((vector_size(64)));

enum { halves = 8 * words / sizeof(lanes) };

/// Adds two bits to a third one, which becomes the sum.
INLINE void add(lanes *sum, const lanes *a, const lanes *b, lanes *carry) {
    lanes half = *sum ^ *a;
    lanes both = (*sum & *a) | (half & *b);
    *sum = half ^ *b;
    *carry = both;
}

/// Adds a bit to numbers, starting with a level.
INLINE void ripple(lanes *numbers, int level, const lanes *bit) {
    lanes carry = *bit;
    for (; level < levels; level++) {
        lanes next = numbers[level] & carry;
        numbers[level] ^= carry;
        carry = next;
    }
}

/// Adds two for each bit that a code shares with the query.
INLINE void count_shared(const lanes *half, const uint8_t *bits, size_t bit_count, lanes *numbers) {
#define PLANE(k) (half + halves * bits[i + (k)])
    lanes ones[4], twos[2], fours;
    size_t i = 0;
    for (; i + 8 <= bit_count; i += 8) {
        for (int k = 0; k < 4; k++) add(&numbers[1], PLANE(2 * k), PLANE(2 * k + 1), &ones[k]);
        for (int k = 0; k < 2; k++) add(&numbers[2], &ones[2 * k], &ones[2 * k + 1], &twos[k]);
        add(&numbers[3], &twos[0], &twos[1], &fours);
        ripple(numbers, 4, &fours);
    }
    for (; i + 4 <= bit_count; i += 4) {
        for (int k = 0; k < 2; k++) add(&numbers[1], PLANE(2 * k), PLANE(2 * k + 1), &ones[k]);
        add(&numbers[2], &ones[0], &ones[1], &twos[0]);
        ripple(numbers, 3, &twos[0]);
    }
    for (; i + 2 <= bit_count; i += 2) {
        add(&numbers[1], PLANE(0), PLANE(1), &ones[0]);
        ripple(numbers, 2, &ones[0]);
    }
    if (i < bit_count) ripple(numbers, 1, PLANE(0));
#undef PLANE
}

/// 255, less the bits of each code, plus two for each bit that it shares with the query: 255 + |query| - distance.
INLINE void measure(const lanes *half, const uint8_t *bits, size_t bit_count, lanes *numbers) {
    const lanes *counts = half + halves * (planes - bits_of_count);
    for (int level = 0; level < bits_of_count; level++) numbers[level] = ~counts[halves * level];
    numbers[levels - 1] = (lanes){0};
    count_shared(half, bits, bit_count, numbers);
}

/// Finds which numbers are above a limit, and which equal it.
INLINE void compare(const lanes *numbers, size_t stride, int count, const lanes *limit, lanes *greater, lanes *equal) {
    lanes above = {0}, same = ~above;
    for (int level = count - 1; level >= 0; level--) {
        lanes number = numbers[stride * (size_t)level];
        above |= same & number & ~limit[level];
        same &= ~(number ^ limit[level]);
    }
    *greater = above;
    *equal = same;
}

INLINE void spread(int number, int count, lanes *bits) {
    for (int level = 0; level < count; level++) bits[level] = (lanes){0} - (uint64_t)(number >> level & 1);
}

INLINE void prefetch(const uint64_t *start, const uint8_t *bits, size_t bit_count) {
    for (size_t i = 0; i < bit_count; i++) __builtin_prefetch(start + words * bits[i]);
}

/// Reads one code's bit of a plane.
INLINE unsigned bit(const uint64_t *start, size_t plane, size_t place) {
    return start[words * plane + place / 64] >> place % 64 & 1;
}

static uint16_t rank(const uint64_t *start, size_t place, const uint8_t *bits, size_t bit_count) {
    unsigned count = 0, shared = 0;
    for (unsigned i = 0; i < bits_of_count; i++) count |= bit(start, planes - bits_of_count + i, place) << i;
    for (size_t i = 0; i < bit_count; i++) shared += bit(start, bits[i], place);
    return (uint16_t)((count + (unsigned)bit_count - 2 * shared) << 8 | (255 - shared));
}

/// Notes the codes of a word.
static void note(const uint64_t *start, size_t word, uint64_t near, const uint8_t *bits, size_t bit_count,
                 uint64_t *found, uint16_t *ranks) {
    for (uint64_t rest = near; rest != 0; rest &= rest - 1) {
        size_t place = 64 * word + (size_t)__builtin_ctzll(rest);
        uint16_t own = rank(start, place, bits, bit_count);
        if (!(found[word] >> place % 64 & 1) || own < ranks[place]) ranks[place] = own;
    }
    found[word] |= near;
}

COMPILED(void, lower_ranks,
         (const uint64_t *start, size_t count, const uint8_t *bits, size_t bit_count, uint16_t limit, uint64_t *found,
          uint16_t *ranks),
         {
             int farthest = limit >> 8;
             int shared = 255 - (limit & 255);
             int query = (int)bit_count;
             lanes nearer[levels];
             lanes fuller[bits_of_count];
             spread(255 + query - farthest, levels, nearer);
             // At the same distance a code shares more exactly if it has more bits.
             int fullest = farthest - query + 2 * shared;
             lanes any_count;
             spread(fullest < 0 ? 1 : 0, 1, &any_count);
             spread(fullest < 0 ? 0 : fullest > 255 ? 255 : fullest, bits_of_count, fuller);
             for (size_t first = 0; first < count; first += block, start += words * planes) {
                 prefetch(start + ahead * words * planes, bits, bit_count);
                 for (size_t k = 0; k < bits_of_count; k++)
                     __builtin_prefetch(start + words * ((ahead + 1) * planes - bits_of_count + k));
                 for (size_t half = 0; half < halves; half++) {
                     const lanes *own = (const lanes *)start + half;
                     lanes numbers[levels];
                     lanes near;
                     lanes equal;
                     lanes more;
                     lanes as_many;
                     measure(own, bits, bit_count, numbers);
                     compare(numbers, 1, levels, nearer, &near, &equal);
                     compare(own + halves * (planes - bits_of_count), halves, bits_of_count, fuller, &more, &as_many);
                     near |= equal & (more | as_many & any_count);
                     if ((near[0] | near[1] | near[2] | near[3]) == 0) continue;
                     for (size_t word = 0; word < 4; word++) {
                         size_t place = first + 256 * half + 64 * word;
                         if (place >= count) break;
                         uint64_t there = count - place < 64 ? ((uint64_t)1 << (count - place)) - 1 : ~(uint64_t)0;
                         note(start, 4 * half + word, near[word] & there, bits, bit_count, found + first / 64,
                              ranks + first);
                     }
                 }
             }
         })

void timbre_lower_ranks(enum timbre_variant variant, const uint64_t *start, size_t count, const uint8_t *bits,
                        size_t bit_count, uint16_t limit, uint64_t *found, uint16_t *ranks) {
    CHOSEN(lower_ranks)(start, count, bits, bit_count, limit, found, ranks);
}

size_t timbre_take_places(uint64_t *found, size_t count, uint32_t *places) {
    size_t taken = 0;
    for (size_t word = 0; 64 * word < count; word++) {
        for (uint64_t rest = found[word]; rest != 0; rest &= rest - 1)
            places[taken++] = (uint32_t)(64 * word) + (uint32_t)__builtin_ctzll(rest);
        found[word] = 0;
    }
    return taken;
}

/// Exchanges the bits of each octet that lie `distance` apart.
INLINE void exchange(octets *matrix, int distance, uint64_t mask) {
    octets changed = (*matrix ^ (*matrix >> distance)) & mask;
    *matrix ^= changed ^ (changed << distance);
}

/// Turns eight bits of each of 64 codes, level by level, into a byte of each.
INLINE void gather(const uint64_t *slices, size_t stride, bytes *numbers) {
    octets rows;
    for (int level = 0; level < 8; level++) rows[level] = slices[stride * (size_t)level];
    bytes matrix = (bytes)rows;
    matrix = __builtin_shufflevector(
        matrix, matrix, 0, 8, 16, 24, 32, 40, 48, 56, 1, 9, 17, 25, 33, 41, 49, 57, 2, 10, 18, 26, 34, 42, 50, 58, 3,
        11, 19, 27, 35, 43, 51, 59, 4, 12, 20, 28, 36, 44, 52, 60, 5, 13, 21, 29, 37, 45, 53, 61, 6, 14, 22, 30, 38,
        46, 54, 62, 7, 15, 23, 31, 39, 47, 55, 63);
    octets columns = (octets)matrix;
    // Each octet is a matrix of 8 × 8 bits, which is transposed. Source: H. S. Warren, "Hacker's Delight", 7-3.
    exchange(&columns, 7, 0x00aa00aa00aa00aa);
    exchange(&columns, 14, 0x0000cccc0000cccc);
    exchange(&columns, 28, 0x00000000f0f0f0f0);
    *numbers = (bytes)columns;
}

COMPILED(void, plane_distances,
         (const uint64_t *start, size_t count, const uint8_t *bits, size_t bit_count, uint8_t *distances), {
             // The ninth level does not matter: distances have eight bits.
             uint8_t most = (uint8_t)(255 + bit_count);
             for (size_t first = 0; first < count; first += block, start += words * planes) {
                 lanes numbers[halves][levels];
                 for (size_t half = 0; half < halves; half++)
                     measure((const lanes *)start + half, bits, bit_count, numbers[half]);
                 for (size_t word = 0; word < words; word++) {
                     const uint64_t *slices = (const uint64_t *)numbers[word / 4] + word % 4;
                     bytes own;
                     gather(slices, sizeof(lanes) / 8, &own);
                     own = most - own;
                     memcpy(distances + first + 64 * word, &own, sizeof own);
                 }
             }
         })

void timbre_plane_distances(enum timbre_variant variant, const uint64_t *start, size_t count, const uint8_t *bits,
                            size_t bit_count, uint8_t *distances) {
    CHOSEN(plane_distances)(start, count, bits, bit_count, distances);
}

typedef uint8_t sixteen __attribute__((vector_size(16)));

/// What numbers behind the first so many are raised to the greatest by.
static const uint8_t behind[32] = {[16] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/// The least of one or more numbers, behind which there are sixteen more.
INLINE uint8_t least_of(const uint8_t *numbers, size_t count) {
    sixteen least, mask, next;
    memcpy(&least, numbers, sizeof least);
    memcpy(&mask, behind + 16 - (count < 16 ? count : 16), sizeof mask);
    least |= mask;
    for (size_t i = 16; i < count; i += 16) {
        // The last ones are looked at twice.
        memcpy(&next, numbers + (i + 16 < count ? i : count - 16), sizeof next);
        least = __builtin_elementwise_min(least, next);
    }
    least = __builtin_elementwise_min(
        least, __builtin_shufflevector(least, least, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    least = __builtin_elementwise_min(
        least, __builtin_shufflevector(least, least, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
    uint32_t four = ((const uint32_t *)&least)[0];
    uint8_t a = (uint8_t)four, b = (uint8_t)(four >> 8), c = (uint8_t)(four >> 16), d = (uint8_t)(four >> 24);
    a = a < b ? a : b;
    c = c < d ? c : d;
    return a < c ? a : c;
}

COMPILED(void, add_least,
         (const uint8_t *distances, const uint32_t *ends, size_t owner_count, uint32_t weight, uint32_t *sums), {
             // Where each owner has one element, and so often that it pays to look, they need not be looked for.
             if (owner_count > 0 && ends[0] == 1 && ends[owner_count - 1] == owner_count) {
                 uint32_t other = 0;
                 for (size_t i = 0; i < owner_count; i++) other |= ends[i] ^ (uint32_t)(i + 1);
                 if (other == 0) {
                     for (size_t i = 0; i < owner_count; i++) sums[i] += weight * distances[i];
                     return;
                 }
             }
             uint32_t start = 0;
             for (size_t i = 0; i < owner_count; start = ends[i], i++)
                 if (ends[i] > start) sums[i] += weight * least_of(distances + start, ends[i] - start);
         })

void timbre_add_least(enum timbre_variant variant, const uint8_t *distances, const uint32_t *ends, size_t owner_count,
                      uint32_t weight, uint32_t *sums) {
    CHOSEN(add_least)(distances, ends, owner_count, weight, sums);
}
