import AudioDecoding
import SoundFeatures
import SystemPackage

/// A sound's samples as a WAV file: all channels, at the file's own rate, in samples at least as deep as its own.
///
/// How many there are stands in front of them, and standard output may be a pipe, so that the sound is gone through twice.
/// Constant memory.
enum WaveOutput {
    /// - Throws: ``ReportedFailure`` if the file cannot be decoded, and if it changes meanwhile, when samples have been written
    ///   already. `Errno` if nobody takes them.
    static func write(_ file: borrowing OpenFile) throws {
        let output = FileDescriptor.standardOutput
        do {
            var count = 0
            let format = try read(file) { count += $0.count }
            let frames = count / format.frameSize
            try output.writeAll(WaveHeader(format, mostFrames: frames).bytes(frames: frames))
            var written = 0
            let formatNow = try read(file) {
                try output.writeAll($0)
                written += $0.count
            }
            guard formatNow == format, written == count else {
                throw ExtractionFailure(.unreadable, "it was changed while it was read")
            }
            if !count.isMultiple(of: 2) { try output.writeAll([0]) }
        } catch let failure as ExtractionFailure { throw ReportedFailure(failure) }
    }

    /// Goes through all samples.
    private static func read(_ file: borrowing OpenFile, _ take: ([UInt8]) throws -> Void) throws -> SampleFormat {
        var sound = try SoundPart(file.descriptor, suffix: file.suffix.text, from: 0, to: .infinity)
        let format = sound.format
        var samples: [UInt8] = []
        while try sound.read(into: &samples) { try take(samples) }
        return format
    }
}
