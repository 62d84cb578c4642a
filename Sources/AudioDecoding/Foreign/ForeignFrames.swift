#if FFMPEG
    import CFFmpeg
    import Glibc
    import SoundFeatures

    /// The frames of a stream, in FFmpeg's sense: some hundred or thousand samples of each channel, one after the other.
    ///
    /// What the encoder has put in front of the sound and behind it is left out by the decoder, where the container says how
    /// much that is. One thread uses it.
    @safe final class ForeignFrames {
        private let ffmpeg: FFmpeg
        private let input: ForeignInput
        private var context: UnsafeMutablePointer<AVCodecContext>?
        private var frame: UnsafeMutablePointer<AVFrame>?
        private var isAtEnd = false
        /// Packets that were read, and those that could not be decoded.
        private(set) var packetCount = 0
        private(set) var damagedCount = 0

        /// - Throws: ``ExtractionFailure`` if there is no decoder for the stream, or it does not begin.
        init(_ input: ForeignInput, name: String, _ ffmpeg: FFmpeg) throws(ExtractionFailure) {
            self.ffmpeg = ffmpeg
            self.input = input
            let functions = unsafe ffmpeg.functions.pointee
            guard let stream = unsafe input.stream, let parameters = unsafe stream.pointee.codecpar,
                let decoder = unsafe input.decoder(for: parameters.pointee.codec_id)
            else { throw .unsupported(name) }
            unsafe frame = unsafe functions.av_frame_alloc()
            unsafe context = unsafe functions.avcodec_alloc_context3(decoder)
            guard let context = unsafe context, unsafe frame != nil else { throw ForeignInput.noMemory }
            guard unsafe functions.avcodec_parameters_to_context(context, parameters) >= 0 else {
                throw ExtractionFailure(.damaged, "\(name): what it says of its sound makes no sense")
            }
            unsafe context.pointee.pkt_timebase = unsafe stream.pointee.time_base
            unsafe context.pointee.thread_count = 1
            unsafe context.pointee.err_recognition = AV_EF_CRCCHECK
            let opened = unsafe functions.avcodec_open2(context, decoder, nil)
            guard opened >= 0 else {
                throw ExtractionFailure(.damaged, "\(name): what it says of its sound makes no sense")
            }
        }

        deinit {
            unsafe ffmpeg.functions.pointee.avcodec_free_context(&context)
            unsafe ffmpeg.functions.pointee.av_frame_free(&frame)
        }

        /// Bits of a sample that say something; 0 if that is not known.
        var significantBits: Int { unsafe Int(context?.pointee.bits_per_raw_sample ?? 0) }

        /// The frame that was decoded last.
        var current: UnsafePointer<AVFrame>? { unsafe UnsafePointer(frame) }

        /// Decodes the next frame that has samples.
        ///
        /// - Returns: The frame, until the next call; nil at the end of what can be decoded.
        /// - Throws: ``ExtractionFailure`` if the disk fails.
        func next() throws(ExtractionFailure) -> UnsafePointer<AVFrame>? {
            guard let context = unsafe context, let frame = unsafe frame else { return nil }
            let functions = unsafe ffmpeg.functions.pointee
            while true {
                let received = unsafe functions.avcodec_receive_frame(context, frame)
                if received == 0 {
                    let (count, rate) = unsafe (frame.pointee.nb_samples, frame.pointee.sample_rate)
                    if count > 0, rate > 0, unsafe frame.pointee.ch_layout.nb_channels > 0 {
                        return unsafe UnsafePointer(frame)
                    }
                    continue
                }
                if received == ffmpeg_end_of_file { return nil }
                if received != -EAGAIN { damagedCount += 1 }
                // A decoder that is asked for its rest, and fails, has none.
                if isAtEnd { return nil }
                try unsafe sendNext(to: context)
            }
        }

        private func sendNext(to context: UnsafeMutablePointer<AVCodecContext>) throws(ExtractionFailure) {
            let functions = unsafe ffmpeg.functions.pointee
            let sent = try unsafe input.withNextPacket { packet in
                unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
                    ? -EINVAL : unsafe functions.avcodec_send_packet(context, packet)
            }
            guard let sent else {
                isAtEnd = true
                _ = unsafe functions.avcodec_send_packet(context, nil)
                return
            }
            packetCount += 1
            if sent < 0 { damagedCount += 1 }
        }
    }
#endif
