import Glibc
import PageServer
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction

/// A part of a sound as a WAV file, decoded in a sandboxed process while it is sent.
enum DecodedPart {
    /// The longest part, in seconds.
    static let longest = 600.0

    /// Begins to decode.
    ///
    /// - Parameters:
    ///   - part: In seconds, no longer than ``longest``.
    ///   - members: Unpacks the sound if it is in an archive.
    /// - Returns: What the WAV file comes out of. Whoever closes it ends the decoding.
    /// - Throws: `ExtractionFailure` if nothing can be decoded, ``SoundRefusal`` if the file is another by now.
    static func open(
        _ sound: PlayableSound, _ part: Range<Double>, members: UnpackedMembers, extractor: FilePath
    ) throws -> ServedFile {
        let file = try sound.opened(members)
        // Unlike a pipe's, the ends of a socket are never, not for a moment, inherited by a program that is started.
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Errno.last }
        let output = ServedFile(owning: FileDescriptor(rawValue: ends[0]))
        let input = ServedFile(owning: FileDescriptor(rawValue: ends[1]))
        let isDecoded = Promise<Void, any Error>()
        try DetachedThread.start {
            do {
                try write(part, of: sound, file, to: input, extractor: extractor) { isDecoded.fulfil(.success(())) }
            } catch {
                // Of what fails later nobody can be told any more: the file ends.
                isDecoded.fulfil(.failure(error))
            }
        }
        try isDecoded.wait()
        return output
    }

    private static func write(
        _ part: Range<Double>, of sound: PlayableSound, _ file: ServedFile, to output: ServedFile, extractor: FilePath,
        begin: () -> Void
    ) throws {
        var isNarrowed = false
        try withExtendedLifetime((file, output)) {
            _ = try ExtractorProcess.read(
                ExtractionRequest.Part(from: part.lowerBound, to: part.upperBound), of: file.descriptor,
                suffix: FileSuffix(of: sound.path), executable: extractor,
                begin: { format in
                    var written = format
                    // Browsers decode no numbers of 64 bits.
                    isNarrowed = format.encoding == .float64
                    if isNarrowed { written.encoding = .float32 }
                    let frames = format.frame(at: min(part.upperBound, sound.duration) - part.lowerBound)
                    let header = WaveHeader(written, mostFrames: frames)
                    begin()
                    _ = try output.descriptor.writeAll(header.bytes(frames: frames))
                },
                take: { _ = try output.descriptor.writeAll(isNarrowed ? narrowed($0) : $0) })
        }
    }

    /// Numbers of 64 bits as such of 32, both in the order of bytes that WAV files have.
    static func narrowed(_ doubles: [UInt8]) -> [UInt8] {
        var floats: [UInt8] = []
        floats.reserveCapacity(doubles.count / 2)
        for start in stride(from: 0, to: doubles.count - 7, by: 8) {
            let bits = doubles[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let narrow = Float(Double(bitPattern: bits)).bitPattern
            for shift in stride(from: 0, to: 32, by: 8) { floats.append(UInt8(truncatingIfNeeded: narrow >> shift)) }
        }
        return floats
    }
}
