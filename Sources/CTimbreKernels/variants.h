// Functions that are compiled for each enum timbre_variant, for callers to choose from.
#pragma once
#include "vectors.h"

#define INLINE static inline __attribute__((always_inline))

/// Defines a function for each variant.
#ifdef __x86_64__
#define COMPILED(result, name, parameters, ...)          \
    static result name##_portable parameters __VA_ARGS__ \
    __attribute__((target("avx2"))) static result name##_avx2 parameters __VA_ARGS__
#define CHOSEN(name) (variant == timbre_variant_avx2 ? name##_avx2 : name##_portable)
#else
#define COMPILED(result, name, parameters, ...) static result name##_portable parameters __VA_ARGS__
#define CHOSEN(name) ((void)variant, name##_portable)
#endif
