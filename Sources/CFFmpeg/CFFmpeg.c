#include "CFFmpeg.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

#define TEXT(number) #number
#define NAME(library, version) library ".so." TEXT(version)

static struct ffmpeg functions;

/// Opens a library, and leaves it open for as long as the process lives: what is loaded lazily must not be unloaded.
static void *open_library(const char *name) { return dlopen(name, RTLD_LAZY | RTLD_LOCAL); }

static bool find_all(void) {
    void *util = open_library(NAME("libavutil", LIBAVUTIL_VERSION_MAJOR));
    void *resample = open_library(NAME("libswresample", LIBSWRESAMPLE_VERSION_MAJOR));
    void *codec = open_library(NAME("libavcodec", LIBAVCODEC_VERSION_MAJOR));
    void *format = open_library(NAME("libavformat", LIBAVFORMAT_VERSION_MAJOR));
    if (!util || !resample || !codec || !format) return false;
#define FIND(library, name) \
    if (!(functions.name = (__typeof__(name) *)dlsym(library, #name))) return false;
#define FIND_UTIL(name) FIND(util, name)
#define FIND_CODEC(name) FIND(codec, name)
#define FIND_FORMAT(name) FIND(format, name)
#define FIND_RESAMPLE(name) FIND(resample, name)
    FFMPEG_UTIL(FIND_UTIL)
    FFMPEG_CODEC(FIND_CODEC)
    FFMPEG_FORMAT(FIND_FORMAT)
    FFMPEG_RESAMPLE(FIND_RESAMPLE)
    return true;
}

const struct ffmpeg *ffmpeg_load(void) {
    static bool was_asked, are_there;
    if (!was_asked) are_there = find_all();
    was_asked = true;
    return are_there ? &functions : NULL;
}
