// FFmpeg's libraries, found when the program runs: some 130 others come with them, and most sounds need none of it.
#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

#if LIBAVCODEC_VERSION_INT < AV_VERSION_INT(59, 24, 100)
#error "FFmpeg is older than 5.1; make FFMPEG=no builds without it"
#endif

// The functions that are used, by the library that has them.
#define FFMPEG_UTIL(f) f(av_log_set_level) f(av_max_alloc) f(av_malloc) f(av_free) f(av_dict_set) f(av_dict_get) \
    f(av_dict_free) f(av_frame_alloc) f(av_frame_free) f(av_frame_unref)
#define FFMPEG_CODEC(f) f(av_codec_iterate) f(av_codec_is_decoder) f(avcodec_find_decoder) f(avcodec_descriptor_get) f(avcodec_alloc_context3) \
    f(avcodec_free_context) f(avcodec_parameters_to_context) f(avcodec_open2) f(avcodec_send_packet) \
    f(avcodec_receive_frame) f(av_packet_alloc) f(av_packet_free) f(av_packet_unref)
#define FFMPEG_FORMAT(f) f(av_find_input_format) f(avformat_alloc_context) f(avformat_open_input) \
    f(avformat_close_input) f(avformat_free_context) f(avformat_find_stream_info) f(av_read_frame) \
    f(avio_alloc_context) f(avio_context_free)
#define FFMPEG_RESAMPLE(f) f(swr_alloc_set_opts2) f(swr_init) f(swr_convert) f(swr_get_out_samples) f(swr_free)

/// The functions, each under its own name.
struct ffmpeg {
#define FFMPEG_MEMBER(name) __typeof__(name) *_Nonnull name;
    FFMPEG_UTIL(FFMPEG_MEMBER)
    FFMPEG_CODEC(FFMPEG_MEMBER)
    FFMPEG_FORMAT(FFMPEG_MEMBER)
    FFMPEG_RESAMPLE(FFMPEG_MEMBER)
#undef FFMPEG_MEMBER
};

/// Loads the libraries of exactly the versions whose headers this was compiled with, once for the process.
///
/// To be called before the process shuts itself in, and by one thread. Returns nil if a library, or a function of it, is
/// missing.
const struct ffmpeg *_Nullable ffmpeg_load(void);

/// swr_convert(), whose const differs between versions: writes a frame's samples, interleaved, to room for `count` frames.
/// Returns how many were written, or a negative number.
static inline int ffmpeg_convert(
    const struct ffmpeg *_Nonnull functions, SwrContext *_Nonnull converter, uint8_t *_Nonnull samples, int count,
    const AVFrame *_Nonnull frame) {
    return functions->swr_convert(converter, &samples, count, (void *)frame->extended_data, frame->nb_samples);
}

// What are macros, which Swift does not see.
static const int ffmpeg_end_of_file = AVERROR_EOF;
static const int ffmpeg_not_implemented = AVERROR_PATCHWELCOME;
static const int ffmpeg_no_memory = AVERROR(ENOMEM);
static const int64_t ffmpeg_no_time = AV_NOPTS_VALUE;
