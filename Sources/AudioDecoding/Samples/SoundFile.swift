import CSndFile
import CTimbreKernels
import SoundFeatures
import Synchronization
import SystemPackage

/// libsndfile keeps the error of a failed open in a global, so that opens take turns.
private let opening = Mutex(())

/// One sound of a file, open for reading, in any format that libsndfile decodes.
///
/// The object owns a libsndfile handle, which is closed with it. The descriptor beneath remains the caller's, and its offset is not moved.
@safe package final class SoundFile: DecodedSound {
    /// Frames per second, in hertz, within ``SoundInfo/sampleRates``.
    package let sampleRate: Int
    /// Samples in each frame, from 1 to libsndfile's limit of 1024.
    package let channelCount: Int
    /// The frames that there are, as far as that can be known beforehand; nil where a header alone says so, and hardly can
    /// be right.
    package let expectedFrameCount: Int?
    /// The frames below which a sound has lost its end: those that the header promises, less what decoders leave out of
    /// MPEG audio.
    let leastFrameCount: Int
    /// Container and encoding in words, such as `WAV, 16 bit PCM`.
    package let format: String
    /// Whether libsndfile sees that the end is missing.
    let isCutShort: Bool
    /// libsndfile says nothing of what it passes over.
    var note: String? { nil }
    /// What its samples are like when nothing of them is to be lost.
    let sampleFormat: SampleFormat

    private let reader: ViewReader
    private let handle: OpaquePointer
    /// Whether samples are integers of 16 bits: those can be had as they are, and made floats faster than libsndfile does.
    private let isSixteenBit: Bool
    /// Room for such samples.
    private var integers: [Int16] = []
    /// Whether it is known where in the file each frame is.
    private let seeksExactly: Bool

    /// The least bytes that a second of sound is believed to take: what a header says beyond is not held against a file.
    private static let leastBytesPerSecond = 500

    /// Opens a file as it is.
    ///
    /// - Throws: ``ExtractionFailure``, as for one sound of a file.
    package convenience init(_ file: some SoundInput) throws(ExtractionFailure) {
        try self.init(SoundStream(view: ByteView(of: try InputReader(file))))
    }

    /// Opens a sound.
    ///
    /// - Parameter stream: Of a file that the caller keeps open for as long as the object lives.
    /// - Throws: ``ExtractionFailure`` if it cannot be read, is not audio of a known format, or its rate is outside
    ///   ``SoundInfo/sampleRates``.
    init(_ stream: SoundStream) throws(ExtractionFailure) {
        let reader = ViewReader(stream.view)
        var info = SF_INFO()
        if let raw = stream.raw {
            info.format = Int32(SF_FORMAT_RAW) | raw.encoding
            (info.samplerate, info.channels) = (Int32(raw.sampleRate), Int32(raw.channelCount))
        }
        var callbacks = ViewReader.callbacks
        var opened: OpaquePointer?
        try opening.withLock { _ throws(ExtractionFailure) in
            unsafe opened = unsafe sf_open_virtual(
                &callbacks, Int32(SFM_READ), &info, Unmanaged.passUnretained(reader).toOpaque())
            if unsafe opened == nil {
                throw unsafe ExtractionFailure(lastErrorOf: nil, reader: stream.view.reader)
            }
        }
        guard let handle = unsafe opened else { preconditionFailure("an open that failed has thrown") }
        let rates = SoundInfo.sampleRates
        guard rates.contains(Int(info.samplerate)) else {
            unsafe sf_close(handle)
            throw ExtractionFailure(
                .outOfLimits, "a rate of \(info.samplerate) Hz is outside \(rates.lowerBound) to \(rates.upperBound) Hz"
            )
        }
        self.reader = reader
        unsafe self.handle = unsafe handle
        sampleRate = Int(info.samplerate)
        channelCount = Int(info.channels)
        isSixteenBit = info.format & Int32(SF_FORMAT_SUBMASK) == Int32(SF_FORMAT_PCM_16)
        sampleFormat = SampleFormat(
            sampleRate: Int(info.samplerate), channelCount: Int(info.channels),
            encoding: SoundFileWords.encoding(info.format))
        seeksExactly = SoundFileWords.seeksExactly(info.format)
        format = unsafe stream.raw?.words ?? SoundFileWords.format(info.format, handle)
        // The densest encodings spend a byte on some thousand frames; a header that goes beyond is lying.
        let (frames, rate, size) = (Int(info.frames), Int(info.samplerate), stream.view.size)
        let told = frames >= 0 && frames / 4096 <= size ? frames : nil
        let isBelieved = told.map { Int64($0 / rate) <= size / Int64(Self.leastBytesPerSecond) } ?? false
        expectedFrameCount = stream.countedFrames ?? (isBelieved ? told : nil)
        let promised = stream.claimedFrames.flatMap { $0 / 4096 <= size ? $0 : nil } ?? stream.countedFrames ?? told
        // Decoders leave out up to two frames of 1152 at each end.
        let isMPEG = info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_MPEG)
        leastFrameCount = (promised ?? 0) * (isMPEG ? 9 : 10) / 10 - (isMPEG ? 4608 : 0)
        // Ogg has no length in its header: libsndfile takes it from the last page, and says so if that is not whole.
        let isOgg = info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_OGG)
        isCutShort = isOgg && info.frames == .max
    }

    deinit { unsafe sf_close(handle) }

    /// Reads the next frames, as ``DecodedSound`` has it.
    package func read(into samples: inout [Float], numbers: inout Int) throws(ExtractionFailure) -> Int {
        let (read, finite) = isSixteenBit ? readIntegers(into: &samples) : readFloats(into: &samples)
        if let failure = reader.view.reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
        numbers += finite
        return read
    }

    /// - Returns: The frames read, and how many of their samples are numbers.
    private func readFloats(into samples: inout [Float]) -> (frames: Int, numbers: Int) {
        let (room, channels) = (samples.count / channelCount, channelCount)
        return unsafe samples.withUnsafeMutableBufferPointer { buffer in
            let read = unsafe max(0, Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(room))))
            return (read, unsafe timbre_clear_nonfinite(buffer.baseAddress, read * channels))
        }
    }

    /// The same for a file whose samples are integers of 16 bits: the same floats come out.
    private func readIntegers(into samples: inout [Float]) -> (frames: Int, numbers: Int) {
        let room = samples.count / channelCount
        if integers.count < samples.count { integers = Array(repeating: 0, count: samples.count) }
        let read = unsafe max(0, Int(sf_readf_short(handle, &integers, sf_count_t(room))))
        unsafe timbre_from_int16(integers, &samples, read * channelCount)
        return (read, read * channelCount)
    }

    func read(into block: inout SampleBlock, most: Int) throws(ExtractionFailure) -> Int {
        precondition(block.format == sampleFormat && most > 0)
        let count = sf_count_t(min(most, block.length))
        let read = block.fill(
            integers: { unsafe max(0, Int(sf_readf_int(handle, &$0, count))) },
            floats: { samples in
                unsafe samples.withUnsafeMutableBufferPointer { buffer in
                    let read = unsafe max(0, Int(sf_readf_float(handle, buffer.baseAddress, count)))
                    _ = unsafe timbre_clear_nonfinite(buffer.baseAddress, read * channelCount)
                    return read
                }
            },
            doubles: { unsafe max(0, Int(sf_readf_double(handle, &$0, count))) })
        if let failure = reader.view.reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
        return read
    }

    func seek(to frame: Int) -> Bool {
        guard seeksExactly, frame < expectedFrameCount ?? 0 else { return false }
        return unsafe sf_seek(handle, sf_count_t(frame), SEEK_SET) == sf_count_t(frame)
    }

    var complaint: ExtractionFailure? {
        unsafe sf_error(handle) == 0 ? nil : ExtractionFailure(lastErrorOf: handle, reader: reader.view.reader)
    }
}
