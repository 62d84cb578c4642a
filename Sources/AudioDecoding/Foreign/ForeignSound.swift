#if FFMPEG
    import CFFmpeg
    import CTimbreKernels
    import SoundFeatures

    /// One sound of a file, open for reading, of a kind that libsndfile does not decode and FFmpeg does.
    final class ForeignSound: DecodedSound {
        let sampleRate: Int
        let channelCount: Int
        let expectedFrameCount: Int?
        let leastFrameCount: Int
        /// Codec and container, such as `AAC in MP4`.
        let format: String
        let sampleFormat: SampleFormat

        private let ffmpeg: FFmpeg
        private let frames: ForeignFrames
        /// Made when it is known what kind of samples is wanted; the first frame waits for it.
        private var converter: FrameConverter?
        private var hasFirst = true
        /// Whether the stream goes on in a way that cannot be brought to that of its beginning.
        private var hasBroken = false

        /// Channels that are decoded, at the most: FFmpeg's converter knows no more.
        private static let mostChannels = 64
        /// The least bytes that a second of sound is believed to take.
        private static let leastBytesPerSecond = 500.0
        /// Frames that may be missing of what a container promises where the encoding is lossy: what encoders put in front
        /// and behind, and what decoders need to begin. Of a short sound, half.
        private static let lossySlack = 8192
        /// The part of a second by which a container may be wrong in any case: some count in milliseconds.
        private static let slack = 100

        /// Opens a sound, and decodes its beginning.
        ///
        /// - Parameter view: Of a file that the caller keeps open for as long as the object lives.
        /// - Throws: ``ExtractionFailure`` if nothing can be decoded, or its rate is outside ``SoundInfo/sampleRates``.
        init(_ view: ByteView, name: String, demuxer: String, _ ffmpeg: FFmpeg) throws(ExtractionFailure) {
            let input = try ForeignInput(view, name: name, demuxer: demuxer, ffmpeg)
            let frames = try ForeignFrames(input, name: name, ffmpeg)
            guard let first = try unsafe frames.next() else {
                guard frames.packetCount > 0 || input.promisedSeconds ?? 0 > 0 else {
                    throw ExtractionFailure(.empty, "\(name): no samples")
                }
                throw ExtractionFailure(.damaged, "\(name), damaged or without its end: nothing of it can be decoded")
            }
            let rate = unsafe Int(first.pointee.sample_rate)
            (sampleRate, channelCount) = (rate, unsafe Int(first.pointee.ch_layout.nb_channels))
            let rates = SoundInfo.sampleRates
            guard rates.contains(sampleRate) else {
                throw ExtractionFailure(
                    .outOfLimits, "a rate of \(sampleRate) Hz is outside \(rates.lowerBound) to \(rates.upperBound) Hz")
            }
            guard channelCount <= Self.mostChannels else { throw .unsupported("\(name) of \(channelCount) channels") }
            sampleFormat = SampleFormat(
                sampleRate: sampleRate, channelCount: channelCount,
                encoding: unsafe Self.encoding(
                    AVSampleFormat(rawValue: first.pointee.format), significantBits: frames.significantBits))
            let seconds = input.promisedSeconds
            let promised = seconds.flatMap { $0 < 0x1p31 ? Int($0 * Double(rate)) : nil }
            let isBelieved = seconds.map { $0 <= Double(view.size) / Self.leastBytesPerSecond } ?? false
            expectedFrameCount = isBelieved ? promised : nil
            let most = promised ?? 0
            leastFrameCount = max(0, most - (input.isLossless ? rate / Self.slack : min(Self.lossySlack, most / 2)))
            (format, self.frames, self.ffmpeg) = (name, frames, ffmpeg)
        }

        /// How samples are to be written so that nothing of them is lost.
        private static func encoding(_ format: AVSampleFormat, significantBits: Int) -> SampleFormat.Encoding {
            switch format {
            case AV_SAMPLE_FMT_U8, AV_SAMPLE_FMT_U8P, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S16P: .int16
            case AV_SAMPLE_FMT_S32, AV_SAMPLE_FMT_S32P, AV_SAMPLE_FMT_S64, AV_SAMPLE_FMT_S64P:
                17...24 ~= significantBits ? .int24 : .int32
            case AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP: .float64
            default: .float32
            }
        }

        var isCutShort: Bool { hasBroken || frames.damagedCount > 0 }

        var note: String? {
            if hasBroken { return "the sound goes on in a way that cannot be decoded" }
            guard frames.damagedCount > 0 else { return nil }
            return "\(frames.damagedCount.grouped) of \(frames.packetCount.grouped) packets of sound are damaged"
        }

        /// Something was decoded when it was opened.
        var complaint: ExtractionFailure? { nil }

        func read(into samples: inout [Float], numbers: inout Int) throws(ExtractionFailure) -> Int {
            let length = samples.count / channelCount
            let read = try read(&samples, upTo: length, as: AV_SAMPLE_FMT_FLT)
            numbers += unsafe timbre_clear_nonfinite(&samples, read * channelCount)
            return read
        }

        func read(into block: inout SampleBlock, most: Int) throws(ExtractionFailure) -> Int {
            precondition(block.format == sampleFormat && most > 0)
            let count = min(most, block.length)
            return try block.fill(
                integers: { samples throws(ExtractionFailure) in
                    try read(&samples, upTo: count, as: AV_SAMPLE_FMT_S32)
                },
                floats: { samples throws(ExtractionFailure) in
                    let read = try read(&samples, upTo: count, as: AV_SAMPLE_FMT_FLT)
                    _ = unsafe timbre_clear_nonfinite(&samples, read * channelCount)
                    return read
                },
                doubles: { samples throws(ExtractionFailure) in
                    try read(&samples, upTo: count, as: AV_SAMPLE_FMT_DBL)
                })
        }

        /// Where a packet begins does not say which frame that is; all is decoded from the start.
        func seek(to frame: Int) -> Bool { false }

        /// Reads frames of samples of one kind, which is the same in every call.
        private func read<Sample>(
            _ samples: inout [Sample], upTo length: Int, as kind: AVSampleFormat
        ) throws(ExtractionFailure) -> Int {
            let converter =
                converter
                ?? FrameConverter(
                    to: kind, sampleSize: MemoryLayout<Sample>.size, rate: sampleRate, channels: channelCount, ffmpeg)
            self.converter = converter
            var done = 0
            while done < length {
                if converter.isEmpty, try !fill(converter) { break }
                let start = done * channelCount
                done += unsafe samples.withUnsafeMutableBytes { bytes in
                    let size = MemoryLayout<Sample>.size
                    let room = start * size..<length * channelCount * size
                    return unsafe converter.copy(into: UnsafeMutableRawBufferPointer(rebasing: bytes[room]))
                }
            }
            return done
        }

        /// Gives the converter the next frame; false at the end.
        private func fill(_ converter: FrameConverter) throws(ExtractionFailure) -> Bool {
            guard !hasBroken else { return false }
            let frame = hasFirst ? unsafe frames.current : try unsafe frames.next()
            hasFirst = false
            guard let frame = unsafe frame else {
                // Of so little sense, what was decoded is noise.
                if frames.damagedCount * 2 > frames.packetCount {
                    throw ExtractionFailure(.damaged, "\(format): \(note ?? "damaged")")
                }
                return false
            }
            hasBroken = unsafe !converter.take(frame)
            return !hasBroken
        }
    }
#endif
