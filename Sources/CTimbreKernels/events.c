#include "CTimbreKernels.h"
#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { header = 4, stride = header + TIMBRE_EVENT_BANDS, bands = TIMBRE_EVENT_BANDS, spread = 5, room = TIMBRE_TEMPLATE_ROOM };

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_quarter_levels(const uint8_t *frames, size_t count, const float *offsets, int16_t *levels) {
    for (size_t f = 0; f < count; f++) {
        const uint8_t *bytes = frames + f * stride + header;
        const float offset = offsets[f];
        for (int b = 0; b < bands; b++) {
            // A byte is 80/255 dB; 255 is the strongest band.
            float level = (float)(bytes[b] - 255) * (320.0f / 255) + offset;
            level = level > TIMBRE_LOWEST_LEVEL ? level : TIMBRE_LOWEST_LEVEL;
            level = level < TIMBRE_HIGHEST_LEVEL ? level : TIMBRE_HIGHEST_LEVEL;
            levels[f * bands + b] = (int16_t)rintf(level);
        }
    }
}

void timbre_slide_levels(const int16_t *levels, size_t count, int by, uint16_t *counts, const uint16_t *at,
                         uint16_t *below) {
    for (size_t f = 0; f < count; f++, levels += bands)
        for (int b = 0; b < bands; b++) {
            const int place = levels[b] - TIMBRE_LOWEST_LEVEL;
            counts[b * TIMBRE_LEVEL_COUNT + place] += (uint16_t)by;
            below[b] += (uint16_t)(place < at[b] ? by : 0);
        }
}

void timbre_find_ranks(size_t rank, const uint16_t *counts, uint16_t *at, uint16_t *below) {
    for (int b = 0; b < bands; b++, counts += TIMBRE_LEVEL_COUNT) {
        while (below[b] > rank) below[b] -= counts[--at[b]];
        while (below[b] + counts[at[b]] <= rank) below[b] += counts[at[b]++];
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_excess(const int16_t *levels, const int16_t *now, const int16_t *next, int step, int up, int lowest,
                   int16_t *excess) {
    for (int b = 0; b < bands; b++) {
        int background = ((now[b] * (16 - step) + next[b] * step + 8) >> 4) + up;
        background = background > lowest ? background : lowest;
        const int over = levels[b] - background;
        excess[b] = (int16_t)(over > 0 ? over : 0);
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
int32_t timbre_flux(const int16_t *excess, const int16_t *before, const int16_t *earlier) {
    int16_t rises[bands];
    for (int b = 0; b < bands; b++) {
        const int16_t reference = before[b] > earlier[b] ? before[b] : earlier[b];
        rises[b] = (int16_t)(excess[b] > reference ? excess[b] - reference : 0);
    }
    // The least threshold that no more than so many rises exceed: they, and as much of it as fills the number up.
    int16_t threshold = 0;
    for (int16_t bit = 512; bit > 0; bit >>= 1) {
        const int16_t tried = (int16_t)(threshold + bit);
        int16_t above = 0;
        for (int b = 0; b < bands; b++) above += rises[b] >= tried;
        if (above > TIMBRE_FLUX_BANDS) threshold = tried;
    }
    int32_t sum = 0;
    int16_t above = 0;
    for (int b = 0; b < bands; b++) {
        sum += rises[b] > threshold ? rises[b] : 0;
        above += rises[b] > threshold;
    }
    return sum + threshold * (TIMBRE_FLUX_BANDS - above);
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_widen(const int16_t *excess, uint16_t *wide) {
    for (int w = 0; w < TIMBRE_WIDE_BANDS; w++) {
        int sum = 0;
        for (int b = 0; b < spread; b++) {
            const int16_t over = excess[w * spread + b];
            sum += over < TIMBRE_MOST_EXCESS ? over : TIMBRE_MOST_EXCESS;
        }
        wide[w] = (uint16_t)sum;
    }
}

INLINE int32_t product(const int16_t *a, const int16_t *b) {
    int32_t sum = 0;
    for (int i = 0; i < room; i++) sum += (int32_t)a[i] * b[i];
    return sum;
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
void timbre_match_patches(const uint8_t *patches, size_t count, size_t length, const int16_t *templates,
                          const float *scales, const uint32_t *ends, const float *least, size_t group_count,
                          float *cosines) {
    int16_t mask[room] __attribute__((aligned(64))) = {0};
    int16_t patch[room] __attribute__((aligned(64))) = {0};
    for (size_t i = 0; i < length; i++) mask[i] = 1;
    for (size_t p = 0; p < count; p++, patches += TIMBRE_PATCH_BYTES) {
        for (int i = 0; i < TIMBRE_PATCH_BYTES; i++) patch[i] = (int16_t)(patches[i] * mask[i]);
        const int64_t sum = product(patch, mask), squares = product(patch, patch);
        const float spread = (float)(squares * (int64_t)length - sum * sum) / (float)length;
        float best = -1;
        if (spread > 0) {
            const float scale = 1 / sqrtf(spread);
            size_t t = 0;
            for (size_t g = 0; g < group_count; t = ends[g++]) {
                const float first = (float)product(patch, templates + t * room) * scales[t] * scale;
                best = first > best ? first : best;
                if (first < least[g]) continue;
                for (t++; t < ends[g]; t++) {
                    const float cosine = (float)product(patch, templates + t * room) * scales[t] * scale;
                    best = cosine > best ? cosine : best;
                }
            }
        }
        cosines[p] = best;
    }
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
int64_t timbre_multiply_levels(const int16_t *a, const int16_t *b, size_t rows) {
    int64_t total = 0;
    for (size_t row = 0; row < rows; row++, a += bands, b += bands) {
        int32_t sum = 0;
        for (int i = 0; i < bands; i++) sum += (int32_t)a[i] * b[i];
        total += sum;
    }
    return total;
}

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
int64_t timbre_sum_levels(const int16_t *levels, size_t rows) {
    int64_t total = 0;
    for (size_t row = 0; row < rows; row++, levels += bands) {
        int32_t sum = 0;
        for (int i = 0; i < bands; i++) sum += levels[i];
        total += sum;
    }
    return total;
}

void timbre_add_power(const int16_t *levels, size_t rows, const int16_t *background, int gain, const int16_t *table,
                      int reach, int16_t *results) {
    for (size_t row = 0; row < rows; row++, levels += bands, results += bands)
        for (int i = 0; i < bands; i++) {
            const int above = levels[i] + gain - background[i];
            const int place = above < reach ? above : reach;
            results[i] = place < -reach ? 0 : table[place + reach];
        }
}
