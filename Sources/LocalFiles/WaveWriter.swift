import SoundFeatures
import SystemPackage

/// Writes a WAV file of which it is not known beforehand how long it will be.
struct WaveWriter {
    private let file: FileDescriptor
    private let header: WaveHeader
    private var size = 0

    /// Writes the header.
    ///
    /// - Parameters:
    ///   - file: A regular file, open for writing and empty; the caller's.
    ///   - mostFrames: So many frames will come at the most.
    /// - Throws: `Errno`
    init(_ file: FileDescriptor, format: SampleFormat, mostFrames: Int) throws {
        self.file = file
        header = WaveHeader(format, mostFrames: mostFrames)
        try file.writeAll(header.bytes(frames: 0))
    }

    /// Writes whole frames, in the format.
    mutating func append(_ bytes: [UInt8]) throws {
        try file.writeAll(bytes)
        size += bytes.count
    }

    /// Completes the file.
    ///
    /// - Returns: How many frames are in it.
    func finish() throws -> Int {
        if !size.isMultiple(of: 2) { try file.writeAll([0]) }
        let frames = size / header.format.frameSize
        try file.writeAll(toAbsoluteOffset: 0, header.bytes(frames: frames))
        return frames
    }
}
