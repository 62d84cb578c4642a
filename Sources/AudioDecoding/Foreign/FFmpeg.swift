#if FFMPEG
    import CFFmpeg

    /// FFmpeg's functions, and which of its decoders are used.
    @safe struct FFmpeg: @unchecked Sendable {
        /// The functions, by their names in C. They are the same for the rest of the process, and written to by nobody.
        let functions: UnsafePointer<ffmpeg>

        /// Bytes that FFmpeg takes from the allocator at once, at the most: its largest tables are those of a film of some
        /// hours.
        private static let mostAtOnce = 64 << 20

        /// Loads the libraries; nil if they are not installed.
        static func load() -> FFmpeg? {
            guard let functions = unsafe ffmpeg_load() else { return nil }
            // What is wrong with a file is for us to say.
            unsafe functions.pointee.av_log_set_level(AV_LOG_QUIET)
            unsafe functions.pointee.av_max_alloc(Self.mostAtOnce)
            return unsafe FFmpeg(functions: functions)
        }

        /// Whether a decoder is one of those that are used: FFmpeg's own, for sounds that people keep. None of another library
        /// is among them, none for pictures, and none that needs hardware.
        static func isUsed(_ decoder: String) -> Bool {
            decoders.contains(decoder) || families.contains { decoder.hasPrefix($0) }
        }

        /// Families of decoders without a state to speak of.
        private static let families = ["pcm_", "adpcm_", "dsd_"]

        private static let decoders: Set<String> = [
            "aac", "aac_fixed", "aac_latm", "ac3", "alac", "amrnb", "amrwb", "ape", "atrac1", "atrac3", "atrac3al",
            "atrac3plus", "atrac3plusal", "cook", "dca", "eac3", "evrc", "flac", "g722", "g723_1", "g729", "gsm",
            "gsm_ms",
            "ilbc", "mace3", "mace6", "mlp", "mp1", "mp1float", "mp2", "mp2float", "mp3", "mp3float", "mpc7", "mpc8",
            "nellymoser", "opus", "qcelp", "qdm2", "qdmc", "real_144", "real_288", "ralf", "shorten", "sipr", "speex",
            "tak",
            "truehd", "truespeech", "tta", "twinvq", "vorbis", "wavpack", "wmalossless", "wmapro", "wmav1", "wmav2",
            "wmavoice",
        ]

        /// The names of all decoders that are used, with commas between them, as FFmpeg's own options have them.
        func decoderList() -> String {
            var names: [String] = []
            var place: UnsafeMutableRawPointer?
            while let codec = unsafe functions.pointee.av_codec_iterate(&place) {
                let name = unsafe String(cString: codec.pointee.name)
                if Self.isUsed(name), unsafe functions.pointee.av_codec_is_decoder(codec) != 0 { names.append(name) }
            }
            return names.joined(separator: ",")
        }
    }
#endif
