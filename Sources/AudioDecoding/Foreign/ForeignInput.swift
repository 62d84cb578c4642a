#if FFMPEG
    import CFFmpeg
    import Glibc
    import SoundFeatures

    /// A container that FFmpeg reads through a view, and the stream of sound in it that is heard.
    ///
    /// The reader of the container is the one that is named, so that nothing is guessed and no playlist is followed; what a
    /// file refers to elsewhere is not opened. One thread uses it.
    @safe final class ForeignInput {
        private let ffmpeg: FFmpeg
        private let name: String
        /// FFmpeg's callbacks hold on to it by address.
        private let reader: ViewReader
        private var io: UnsafeMutablePointer<AVIOContext>?
        private var context: UnsafeMutablePointer<AVFormatContext>?
        private var packet: UnsafeMutablePointer<AVPacket>?
        /// The stream's number.
        private var chosen: Int32 = -1

        /// Bytes that FFmpeg reads at a time.
        private static let bufferSize = 1 << 15

        /// What FFmpeg is told when it opens a container.
        private static let options = [
            // Bytes, and microseconds of sound, in which what a header leaves open is looked for.
            "probesize": "2000000", "analyzeduration": "5000000", "max_streams": "64", "max_probe_packets": "500",
            // Nothing but what was handed over.
            "protocol_whitelist": "none", "enable_drefs": "0", "use_absolute_path": "0",
        ]

        /// Opens a container, and chooses the stream: the first that is marked as the default, or the first.
        ///
        /// - Throws: ``ExtractionFailure`` if it cannot be read, or has no stream that is decoded.
        init(_ view: ByteView, name: String, demuxer: String, _ ffmpeg: FFmpeg) throws(ExtractionFailure) {
            self.ffmpeg = ffmpeg
            self.name = name
            reader = ViewReader(view)
            let functions = unsafe ffmpeg.functions.pointee
            unsafe packet = unsafe functions.av_packet_alloc()
            let buffer = unsafe functions.av_malloc(Self.bufferSize)?.assumingMemoryBound(to: UInt8.self)
            unsafe io = unsafe functions.avio_alloc_context(
                buffer, Int32(Self.bufferSize), 0, Unmanaged.passUnretained(reader).toOpaque(), Self.read, nil,
                Self.seek)
            unsafe context = unsafe functions.avformat_alloc_context()
            guard let io = unsafe io, let context = unsafe context, unsafe packet != nil else { throw Self.noMemory }
            unsafe context.pointee.pb = unsafe io
            unsafe context.pointee.io_open = { _, _, _, _, _ in -EACCES }
            try open(demuxer)
            chosen = try choose()
        }

        deinit {
            let functions = unsafe ffmpeg.functions.pointee
            unsafe functions.avformat_close_input(&context)
            if let io = unsafe io { unsafe functions.av_free(io.pointee.buffer) }
            unsafe functions.avio_context_free(&io)
            unsafe functions.av_packet_free(&packet)
        }

        static var noMemory: ExtractionFailure { ExtractionFailure(.unreadable, "no memory") }

        private func open(_ demuxer: String) throws(ExtractionFailure) {
            let functions = unsafe ffmpeg.functions.pointee
            guard let format = unsafe functions.av_find_input_format(demuxer) else { throw .unsupported(name) }
            var options: OpaquePointer?
            defer { unsafe functions.av_dict_free(&options) }
            for (key, value) in Self.options { _ = unsafe functions.av_dict_set(&options, key, value, 0) }
            _ = unsafe functions.av_dict_set(&options, "codec_whitelist", ffmpeg.decoderList(), 0)
            // Where this fails, the context is gone.
            let opened = unsafe functions.avformat_open_input(&context, "", format, &options)
            guard opened >= 0, let context = unsafe context else { throw damage(opened) }
            let found = unsafe functions.avformat_find_stream_info(context, nil)
            guard found >= 0 else { throw damage(found) }
        }

        /// Why a container cannot be read.
        private func damage(_ error: Int32) -> ExtractionFailure {
            if let failure = reader.view.reader.failure { return ExtractionFailure(.unreadable, "\(failure)") }
            switch error {
            case ffmpeg_no_memory: return ExtractionFailure(.damaged, "\(name), damaged: it asks for too much memory")
            case ffmpeg_not_implemented: return .unsupported("\(name), of a kind that FFmpeg does not read")
            default: return ExtractionFailure(.damaged, "\(name), damaged or without its end")
            }
        }

        private func choose() throws(ExtractionFailure) -> Int32 {
            guard let context = unsafe context else { throw .unsupported(name) }
            var (first, marked, hasSound) = (Int32?.none, Int32?.none, false)
            for index in 0..<Int(unsafe context.pointee.nb_streams) {
                guard let stream = unsafe context.pointee.streams[index],
                    let parameters = unsafe stream.pointee.codecpar
                else { continue }
                unsafe stream.pointee.discard = AVDISCARD_ALL
                guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO else { continue }
                hasSound = true
                guard unsafe decoder(for: parameters.pointee.codec_id) != nil else { continue }
                first = first ?? Int32(index)
                if unsafe stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0 { marked = marked ?? Int32(index) }
            }
            guard let found = marked ?? first, let stream = unsafe context.pointee.streams[Int(found)] else {
                throw hasSound ? .unsupported(name) : ExtractionFailure(.empty, "\(name): no stream of sound in it")
            }
            if unsafe ffmpeg.functions.pointee.av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil {
                throw .unsupported("encrypted \(name)")
            }
            unsafe stream.pointee.discard = AVDISCARD_DEFAULT
            return found
        }

        /// The decoder of a kind of sound; nil if there is none that is used.
        func decoder(for codec: AVCodecID) -> UnsafePointer<AVCodec>? {
            guard let found = unsafe ffmpeg.functions.pointee.avcodec_find_decoder(codec) else { return nil }
            return unsafe FFmpeg.isUsed(String(cString: found.pointee.name)) ? found : nil
        }

        /// The stream that is heard.
        var stream: UnsafeMutablePointer<AVStream>? { unsafe context?.pointee.streams[Int(chosen)] }

        /// Whether the encoding keeps each sample as it was.
        var isLossless: Bool {
            guard let codec = unsafe stream?.pointee.codecpar?.pointee.codec_id,
                let about = unsafe ffmpeg.functions.pointee.avcodec_descriptor_get(codec)
            else { return false }
            return unsafe about.pointee.props & (AV_CODEC_PROP_LOSSY | AV_CODEC_PROP_LOSSLESS) == AV_CODEC_PROP_LOSSLESS
        }

        /// How long the container says that the sound is, in seconds; nil if it does not, or says it of a film.
        var promisedSeconds: Double? {
            guard let context = unsafe context, let stream = unsafe stream,
                unsafe context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
            else { return nil }
            let others = (0..<Int(unsafe context.pointee.nb_streams)).count { index in
                guard index != Int(chosen), let other = unsafe context.pointee.streams[index] else { return false }
                return unsafe other.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
            }
            // QuickTime's kin say it of each stream; others of the whole, in which a film may be longer.
            let isOfStream = unsafe String(cString: context.pointee.iformat.pointee.name).hasPrefix("mov,")
            guard others == 0 || isOfStream else { return nil }
            let (duration, unit) = unsafe (stream.pointee.duration, stream.pointee.time_base)
            if duration != ffmpeg_no_time { return Double(max(0, duration)) * Double(unit.num) / Double(unit.den) }
            let whole = unsafe context.pointee.duration
            return whole > 0 && !isOfStream ? Double(whole) / Double(AV_TIME_BASE) : nil
        }

        /// Reads the stream's next packet and lends it out.
        ///
        /// - Returns: What `body` does; nil at the end of what can be read.
        /// - Throws: ``ExtractionFailure`` if the disk fails.
        func withNextPacket<Result>(
            _ body: (UnsafePointer<AVPacket>) -> Result
        ) throws(ExtractionFailure) -> Result? {
            guard let context = unsafe context, let packet = unsafe packet else { return nil }
            let functions = unsafe ffmpeg.functions.pointee
            while unsafe functions.av_read_frame(context, packet) >= 0 {
                defer { unsafe functions.av_packet_unref(packet) }
                if let failure = reader.view.reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
                if unsafe packet.pointee.stream_index == chosen { return unsafe body(packet) }
            }
            if let failure = reader.view.reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
            return nil
        }

        private static let read:
            @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
                let reader = unsafe Unmanaged<ViewReader>.fromOpaque($0!).takeUnretainedValue()
                let count = unsafe reader.readNext(UnsafeMutableRawBufferPointer(start: $1, count: Int($2)))
                return count > 0 ? Int32(count) : ffmpeg_end_of_file
            }

        private static let seek: @convention(c) (UnsafeMutableRawPointer?, Int64, Int32) -> Int64 = {
            let reader = unsafe Unmanaged<ViewReader>.fromOpaque($0!).takeUnretainedValue()
            if $2 & AVSEEK_SIZE != 0 { return reader.view.size }
            return reader.seek(by: $1, from: $2 & ~AVSEEK_FORCE)
        }
    }
#endif
