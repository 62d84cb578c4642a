// read_sounds FILE…: reads sound files by libsndfile, in blocks, and prints the processor time that this took, in
// seconds. It is the least that anything can take that hears these files.

#include <sndfile.h>
#include <stdio.h>
#include <time.h>

static float block[1 << 14];

int main(int count, char **paths) {
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (int place = 1; place < count; place++) {
        SF_INFO info = {0};
        SNDFILE *file = sf_open(paths[place], SFM_READ, &info);
        if (file == NULL) {
            fprintf(stderr, "%s: %s\n", paths[place], sf_strerror(NULL));
            return 1;
        }
        sf_count_t frames = sizeof block / sizeof *block / info.channels;
        while (sf_readf_float(file, block, frames) > 0) {}
        sf_close(file);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    printf("%.9f\n", (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9);
}
