#pragma once
#include <stdint.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <time.h>

/// The time by CLOCK_MONOTONIC in microseconds, as MONOTONIC_USEC= in sd_notify(3) has it.
static inline int64_t csystemd_monotonic_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}
