import CSndFile
import Glibc
import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import AudioDecoding

/// A file that libsndfile wrote.
///
/// - Parameters:
///   - samples: Interleaved, full scale being 1.
///   - format: libsndfile's number for container and encoding.
///   - isVariable: Whether the bit rate is to change with the sound.
func encoded(
    _ samples: [Double], rate: Int = 44_100, channels: Int = 1, format: Int, isVariable: Bool = false
) throws -> [UInt8] {
    let file = try TemporaryFile([])
    var info = SF_INFO()
    (info.samplerate, info.channels, info.format) = (Int32(rate), Int32(channels), Int32(format))
    let handle = try unsafe #require(unsafe sf_open_fd(file.descriptor.rawValue, Int32(SFM_WRITE), &info, 0))
    if isVariable {
        var (level, mode) = (0.3, Int32(SF_BITRATE_MODE_VARIABLE))
        unsafe sf_command(handle, Int32(SFC_SET_COMPRESSION_LEVEL), &level, 8)
        unsafe sf_command(handle, Int32(SFC_SET_BITRATE_MODE), &mode, 4)
    }
    #expect(unsafe sf_write_double(handle, samples, sf_count_t(samples.count)) == sf_count_t(samples.count))
    unsafe sf_close(handle)
    var bytes = [UInt8](repeating: 0, count: Int(try file.descriptor.seek(offset: 0, from: .end)))
    let count = try unsafe bytes.withUnsafeMutableBytes {
        try unsafe file.descriptor.read(fromAbsoluteOffset: 0, into: $0)
    }
    #expect(count == bytes.count)
    return bytes
}

/// Container and encoding, by libsndfile's numbers.
enum Format {
    static let mp3 = 0x23_0082
    static let vorbis = 0x20_0060
    static let opus = 0x20_0064
    static let flac = 0x17_0002
    static let vox = 0x04_0021
    static let gsm = 0x04_0020
}

/// What is heard of a file.
struct Heard {
    var samples: [Float] = []
    var info: SoundInfo

    init(_ bytes: [UInt8], suffix: String = "", longest: Double = .infinity) throws {
        let file = try TemporaryFile(bytes)
        var sound = try MonoSound(file.descriptor, suffix: suffix, longest: longest)
        var block: [Float] = []
        while try sound.read(into: &block) { samples += block }
        info = sound.info
    }
}

/// Why nothing is heard of a file; nil if something is.
func failure(of bytes: [UInt8], suffix: String = "", longest: Double = .infinity) throws -> ExtractionFailure? {
    do {
        _ = try Heard(bytes, suffix: suffix, longest: longest)
        return nil
    } catch let failure as ExtractionFailure { return failure }
}

/// A view of bytes that a file holds, for the length of a call.
func withView<Result>(_ bytes: [UInt8], _ body: (ByteView) throws -> Result) throws -> Result {
    let file = try TemporaryFile(bytes)
    return try body(ByteView(of: try InputReader(file.descriptor)))
}
