#include "CTimbreKernels.h"
#include <string.h>

typedef uint64_t line __attribute__((vector_size(64)));

TIMBRE_CLONES("arch=x86-64-v4", "arch=x86-64-v3", "default")
uint64_t timbre_read(const void *bytes, size_t count) {
    const char *place = bytes;
    line all[2] = {{0}, {0}}, next[2];
    uint64_t rest = 0;
    for (; count >= sizeof next; count -= sizeof next, place += sizeof next) {
        memcpy(next, place, sizeof next);
        all[0] |= next[0];
        all[1] |= next[1];
    }
    for (; count > 0; count--) rest |= (unsigned char)*place++;
    for (int i = 0; i < 8; i++) rest |= all[0][i] | all[1][i];
    return rest;
}
