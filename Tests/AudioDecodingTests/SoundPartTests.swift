import CSndFile
import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import AudioDecoding

/// Parts of sounds, held against all of the sound as libsndfile gives it.
struct SoundPartTests {
    private static let rate = 44_100
    private static let samples = interleaved([0, 1].map { noise(100_000, seed: $0 + 3).map { 0.5 * $0 } })

    struct Case: CustomStringConvertible {
        var description: String
        var format: Int
        var encoding: SampleFormat.Encoding
        var channels = 2
    }

    static let cases = [
        Case(description: "WAV, 8 bits", format: 0x01_0005, encoding: .int16),
        Case(description: "WAV, 16 bits", format: 0x01_0002, encoding: .int16),
        Case(description: "WAV, 24 bits", format: 0x01_0003, encoding: .int24),
        Case(description: "AIFF, 32 bits", format: 0x02_0004, encoding: .int32),
        Case(description: "WAV, floats", format: 0x01_0006, encoding: .float32),
        Case(description: "CAF, doubles", format: 0x18_0007, encoding: .float64),
        Case(description: "AU, mu-law", format: 0x03_0010, encoding: .int16),
        Case(description: "WAV, IMA ADPCM", format: 0x01_0012, encoding: .int16),
        Case(description: "FLAC, 16 bits", format: Format.flac, encoding: .int16),
        Case(description: "FLAC, 24 bits", format: 0x17_0003, encoding: .int24),
        Case(description: "MP3", format: Format.mp3, encoding: .float32),
        Case(description: "Vorbis", format: Format.vorbis, encoding: .float32),
        Case(description: "GSM", format: 0x01_0020, encoding: .int16, channels: 1),
    ]

    private func part(_ bytes: [UInt8], from: Double, to: Double) throws -> (format: SampleFormat, bytes: [UInt8]) {
        let file = try TemporaryFile(bytes)
        var part = try SoundPart(file.descriptor, suffix: "", from: from, to: to)
        var (found, piece) = ([UInt8](), [UInt8]())
        while try part.read(into: &piece) { found += piece }
        return (part.format, found)
    }

    /// All of a sound, as libsndfile gives it to whoever asks for samples of that kind.
    private func plain(_ bytes: [UInt8], _ encoding: SampleFormat.Encoding) throws -> [UInt8] {
        let file = try TemporaryFile(bytes)
        var info = SF_INFO()
        let handle = try unsafe #require(unsafe sf_open_fd(file.descriptor.rawValue, Int32(SFM_READ), &info, 0))
        defer { unsafe sf_close(handle) }
        let count = 3_000_000
        func raw<Sample>(_ samples: [Sample], _ read: sf_count_t) -> [UInt8] {
            unsafe samples.prefix(Int(read)).withUnsafeBytes { unsafe Array($0) }
        }
        switch encoding {
        case .float32:
            var samples = [Float](repeating: 0, count: count)
            let read = unsafe sf_read_float(handle, &samples, sf_count_t(count))
            return raw(samples, read)
        case .float64:
            var samples = [Double](repeating: 0, count: count)
            let read = unsafe sf_read_double(handle, &samples, sf_count_t(count))
            return raw(samples, read)
        case .int16:
            var samples = [Int16](repeating: 0, count: count)
            let read = unsafe sf_read_short(handle, &samples, sf_count_t(count))
            return raw(samples, read)
        case .int24, .int32:
            var samples = [Int32](repeating: 0, count: count)
            let read = unsafe sf_read_int(handle, &samples, sf_count_t(count))
            let all = raw(samples, read)
            return encoding == .int32 ? all : all.enumerated().filter { $0.offset % 4 != 0 }.map(\.element)
        }
    }

    @Test("Is that part of all samples, exactly", arguments: cases)
    func isExact(kind: Case) throws {
        let samples = kind.channels == 2 ? Self.samples : Array(Self.samples.prefix(100_000))
        let bytes = try encoded(samples, rate: Self.rate, channels: kind.channels, format: kind.format)
        let whole = try plain(bytes, kind.encoding)
        let format = SampleFormat(sampleRate: Self.rate, channelCount: kind.channels, encoding: kind.encoding)
        let frames = whole.count / format.frameSize
        try #require(frames >= 100_000)
        for (from, to) in [(0, 1), (0.50001, 1.2), (1, 1.000_01), (1.23456, 2), (2, 100), (0, 100), (2.2, 2.3)] {
            let found = try part(bytes, from: from, to: to)
            #expect(found.format == format)
            let (first, last) = (Int((from * 44_100).rounded()), min(frames, Int((to * 44_100).rounded())))
            let expected = whole[first * format.frameSize..<last * format.frameSize]
            #expect(found.bytes.elementsEqual(expected), "\(from) to \(to): \(found.bytes.count) bytes")
        }
        #expect(try part(bytes, from: 60, to: 61).bytes.isEmpty)
    }

    @Test("A file that ends early is gone through", arguments: [Format.flac, 0x01_0002, Format.mp3])
    func endsWithTheFile(format: Int) throws {
        let bytes = try encoded(Self.samples, rate: Self.rate, channels: 2, format: format)
        let cut = Array(bytes.prefix(bytes.count / 2))
        let whole = try part(cut, from: 0, to: 100)
        let size = whole.format.frameSize
        let frames = whole.bytes.count / size
        #expect((30_000..<70_000).contains(frames))
        let from = Int((0.5 * 44_100).rounded()) * size
        #expect(try part(cut, from: 0.5, to: 100).bytes.elementsEqual(whole.bytes[from...]))
        // The header promises it.
        #expect(try part(cut, from: 2, to: 2.2).bytes.isEmpty)
    }

    @Test func goesOnWithTheNextSoundOfAFile() throws {
        let halves = [Self.samples.prefix(100_000), Self.samples.suffix(100_000)].map(Array.init)
        func vorbis(_ samples: [Double], rate: Int = Self.rate) throws -> [UInt8] {
            try encoded(samples, rate: rate, channels: 2, format: Format.vorbis)
        }
        let (first, second) = (try vorbis(halves[0]), try vorbis(halves[1]))
        let whole = try part(first, from: 0, to: 9).bytes + part(second, from: 0, to: 9).bytes
        for (from, to) in [(0, 9), (1, 1.5), (1.133, 1.134), (50_000.0 / 44_100, 1.5), (1.5, 2)] {
            let (start, end) = (Int((from * 44_100).rounded()) * 8, Int((to * 44_100).rounded()) * 8)
            let found = try part(first + second, from: from, to: to).bytes
            #expect(found.elementsEqual(whole[start..<min(end, whole.count)]), "\(from) to \(to)")
        }
        let other = try first + vorbis(halves[1], rate: 48_000)
        #expect(try part(other, from: 0, to: 1).bytes.count == 44_100 * 8)
        #expect(try part(other, from: 2, to: 2.1).format.sampleRate == 48_000)
        #expect { try part(other, from: 1, to: 2) } throws: {
            ($0 as? ExtractionFailure)?.reason == .unsupported
        }
    }

    @Test func whatIsNoNumberIsSilent() throws {
        let samples = [0.5, .nan, .infinity, -.infinity, 0.25]
        for format in [0x01_0006, 0x01_0007] {
            let bytes = try encoded(samples, format: format)
            let found = try part(bytes, from: 0, to: 1).bytes
            let expected = try encoded([0.5, 0, 0, 0, 0.25], format: format)
            #expect(found == Array(expected.suffix(found.count)))
        }
    }
}
