import ContentHash
import TestSounds
import Testing

@testable import AudioDecoding

/// A file with other tags is the same sound; a file with another sound is not.
struct SoundBytesTests {
    private static let samples = noise(22_050, seed: 9).map { $0 * 0.3 }

    private func hash(_ bytes: [UInt8]) throws -> AudioHash? {
        let file = try TemporaryFile(bytes)
        return try SoundBytes.hash(of: file.descriptor)
    }

    /// Holds two versions of a file against each other, and against a third whose sound is another.
    private func check(_ plain: [UInt8], _ tagged: [UInt8]..., other: [UInt8]) throws {
        let known = try #require(try hash(plain))
        for version in tagged {
            #expect(version != plain)
            #expect(try hash(version) == known)
        }
        #expect(try hash(other) != known)
    }

    private static let id3v1 = Container.text("TAG") + [UInt8](repeating: 32, count: 125)
    private static let ape =
        Container.text("APETAGEX") + (2000 as UInt32).littleEndianBytes + (40 as UInt32).littleEndianBytes
        + (1 as UInt32).littleEndianBytes + [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 7, count: 8)
        + Container.text("APETAGEX") + (2000 as UInt32).littleEndianBytes + (40 as UInt32).littleEndianBytes
        + (1 as UInt32).littleEndianBytes + [0, 0, 0, 0x80] + [UInt8](repeating: 0, count: 8)

    @Test func tagsInWaveChunksAreNoPartOfTheSound() throws {
        let data = WaveFile(Self.samples, rate: 22_050).bytes.dropFirst(44)
        let (format, sound) = (Container.chunk("fmt ", Container.format(22_050)), Container.chunk("data", Array(data)))
        let list = Container.chunk(
            "LIST", Container.text("INFOINAM") + (4 as UInt32).littleEndianBytes + [65, 65, 65, 0])
        var changed = sound
        changed[500] ^= 1
        try check(
            Container.riff(format, sound), Container.riff(format, list, sound), Container.riff(format, sound, list),
            Container.id3(40) + Container.riff(format, sound), other: Container.riff(format, changed))
        // Another description makes another sound of the same bytes.
        let faster = Container.riff(Container.chunk("fmt ", Container.format(44_100)), sound)
        #expect(try hash(faster) != hash(Container.riff(format, sound)))
    }

    @Test func tagsInAIFFChunksAreNoPartOfTheSound() throws {
        let data = Array(WaveFile(Self.samples, rate: 22_050).bytes.dropFirst(44))
        let (size, frames) = (UInt32(data.count + 8), UInt32(data.count / 2))
        let name = Container.chunk("NAME", Container.text("A name"), isBigEndian: true)
        try check(
            Container.aiff(data, size: size, frames: frames),
            Container.aiff(data, size: size, frames: frames, between: name),
            other: Container.aiff(data.reversed(), size: size, frames: frames))
    }

    @Test func tagsAroundMPEGFramesAreNoPartOfTheSound() throws {
        let file = try encoded(Self.samples, format: Format.mp3)
        var changed = file
        changed[file.count / 2] ^= 1
        try check(
            file, Container.id3(100) + file, file + Self.id3v1, Container.id3(20) + file + Self.ape + Self.id3v1,
            other: changed)
    }

    @Test func blocksOfDescriptionAreNoPartOfAFLACStream() throws {
        let file = try encoded(Self.samples, format: Format.flac)
        let comment = [0x04, 0, 0, 12] + [UInt8](repeating: 0, count: 12)
        let tagged = Array(file[..<42]) + comment + Array(file[42...])
        var changed = file
        changed[file.count / 2] ^= 1
        try check(file, tagged, file + Self.id3v1, Container.id3(30) + file, other: changed)
    }

    @Test("Comments are no part of an Ogg stream, wherever its pages end", arguments: [Format.vorbis, Format.opus])
    func comments(format: Int) throws {
        let rate = format == Format.opus ? 48_000 : 44_100
        let file = try encoded(Self.samples, rate: rate, format: format)
        let short = try OggFile(file).tagged(with: [1, 2, 3])
        let long = try OggFile(file).tagged(with: [UInt8](repeating: 65, count: 100_000))
        var changed = file
        changed[file.count - 100] ^= 1
        try check(file, short, long, other: changed)
    }

    @Test func whatCannotBeToldApartHasNoHash() throws {
        let vorbis = try encoded(Self.samples, rate: 44_100, format: Format.vorbis)
        let flac = try encoded(Self.samples, format: Format.flac)
        let wave = WaveFile(Self.samples, rate: 22_050).bytes
        let files = [
            [], [0x52], Container.au(Array(wave.dropFirst(44)), size: .max), vorbis + vorbis,
            Array(vorbis.prefix(5000)),
            flac + flac, wave + wave, Container.wave(Array(wave.dropFirst(44)), size: 0, whole: 0),
            noise(3000, seed: 2).map { _ in 7 },
        ]
        for file in files { #expect(try hash(file) == nil) }
    }
}

/// A file of one stream, taken apart.
private struct OggFile {
    private var packets: [[UInt8]] = []
    private let serial: UInt32

    init(_ bytes: [UInt8]) throws {
        var (packets, packet): ([[UInt8]], [UInt8]) = ([], [])
        serial = try withView(bytes) { view in
            var (place, serial): (Int64, UInt32) = (0, 0)
            while let page = OggPage(view, at: place) {
                serial = page.serial
                var start = Int(page.content.lowerBound)
                for segment in bytes[Int(page.start) + 27..<Int(page.content.lowerBound)] {
                    packet += bytes[start..<start + Int(segment)]
                    start += Int(segment)
                    if segment < 255 {
                        packets.append(packet)
                        packet = []
                    }
                }
                place = page.end
            }
            return serial
        }
        self.packets = packets
    }

    /// The file with more in its second packet, and so with other pages.
    func tagged(with more: [UInt8]) throws -> [UInt8] {
        var changed = packets
        changed[1] += more
        let first = Container.page(changed[0], serial: serial, flags: 2)
        var segments: [(size: UInt8, content: ArraySlice<UInt8>)] = []
        for packet in changed.dropFirst() {
            var rest = packet[...]
            while rest.count >= 255 {
                segments.append((255, rest.prefix(255)))
                rest = rest.dropFirst(255)
            }
            segments.append((UInt8(rest.count), rest))
        }
        return stride(from: 0, to: segments.count, by: 200).reduce(first) { file, start in
            let page = segments[start..<min(start + 200, segments.count)]
            return file + Container.text("OggS") + [UInt8](repeating: 0, count: 10) + serial.littleEndianBytes
                + [UInt8](repeating: 0, count: 8) + [UInt8(page.count)] + page.map { $0.size }
                + page.flatMap { $0.content }
        }
    }
}
