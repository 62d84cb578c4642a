#if FFMPEG
    import CFFmpeg
    import SoundFeatures

    /// Makes interleaved samples of one kind out of frames, whatever theirs is.
    ///
    /// Where a stream goes on at another rate or with other channels than it began with, it is brought to those of the
    /// beginning.
    @safe final class FrameConverter {
        /// What frames are like.
        private struct Shape: Hashable {
            var format: Int32
            var rate: Int32
            var channels: Int32

            init(_ frame: UnsafePointer<AVFrame>) {
                format = unsafe frame.pointee.format
                rate = unsafe frame.pointee.sample_rate
                channels = unsafe frame.pointee.ch_layout.nb_channels
            }
        }

        private let ffmpeg: FFmpeg
        private let wanted: AVSampleFormat
        private let sampleRate: Int32
        private let channelCount: Int32
        private let frameSize: Int
        private var converter: OpaquePointer?
        private var shape: Shape?
        /// What was converted, and how much of it has been taken.
        private var converted: [UInt8] = []
        private var count = 0
        private var taken = 0

        /// - Parameters:
        ///   - wanted: FFmpeg's name for the kind of samples, which are of `sampleSize` bytes.
        init(to wanted: AVSampleFormat, sampleSize: Int, rate: Int, channels: Int, _ ffmpeg: FFmpeg) {
            self.wanted = wanted
            self.ffmpeg = ffmpeg
            (sampleRate, channelCount, frameSize) = (Int32(rate), Int32(channels), sampleSize * channels)
        }

        deinit { unsafe ffmpeg.functions.pointee.swr_free(&converter) }

        /// Takes a frame in; what was taken before must have been taken out.
        ///
        /// - Returns: Whether it could be converted.
        func take(_ frame: UnsafePointer<AVFrame>) -> Bool {
            let shape = unsafe Shape(frame)
            if shape != self.shape {
                guard begin(shape) else { return false }
                self.shape = shape
            }
            guard let converter = unsafe converter else { return false }
            let functions = unsafe ffmpeg.functions
            let most = unsafe functions.pointee.swr_get_out_samples(converter, frame.pointee.nb_samples)
            guard most >= 0 else { return false }
            let bytes = Int(most) * frameSize
            if converted.count < bytes { converted = [UInt8](repeating: 0, count: bytes) }
            let done = unsafe converted.withUnsafeMutableBufferPointer { room -> Int32 in
                guard let start = room.baseAddress else { return 0 }
                return unsafe ffmpeg_convert(functions, converter, start, most, frame)
            }
            (count, taken) = (max(0, Int(done)) * frameSize, 0)
            return done >= 0
        }

        private func begin(_ shape: Shape) -> Bool {
            let functions = unsafe ffmpeg.functions.pointee
            // Of the channels only the number counts: as many as before are taken as they come.
            var (before, after) = unsafe (AVChannelLayout(), AVChannelLayout())
            unsafe (before.nb_channels, after.nb_channels) = (shape.channels, channelCount)
            let made = unsafe functions.swr_alloc_set_opts2(
                &converter, &after, wanted, sampleRate, &before, AVSampleFormat(rawValue: shape.format), shape.rate, 0,
                nil)
            guard made >= 0, let converter = unsafe converter else { return false }
            return unsafe functions.swr_init(converter) >= 0
        }

        /// Whether all has been taken out.
        var isEmpty: Bool { taken >= count }

        /// Takes samples out, as many as there are and there is room for, in whole frames.
        ///
        /// - Returns: How many frames.
        func copy(into room: UnsafeMutableRawBufferPointer) -> Int {
            let frames = min(room.count, count - taken) / frameSize
            unsafe converted.withUnsafeBytes { bytes in
                let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + frames * frameSize])
                unsafe room.copyMemory(from: source)
            }
            taken += frames * frameSize
            return frames
        }
    }
#endif
