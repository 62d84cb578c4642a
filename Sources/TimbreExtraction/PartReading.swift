import SoundFeatures
import SystemPackage

extension ExtractorProcess {
    /// Decodes a part of a sound in a worker started for it, and hands on its samples as they come.
    ///
    /// The worker has no descriptor that it could write to: what it sends is samples, whatever it is.
    ///
    /// - Parameters:
    ///   - part: In seconds from the beginning of the sound. The first frame is the one nearest to its start, and that
    ///     nearest to its end follows the last.
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - suffix: The extension of its name, where it has one.
    ///   - executable: The worker's program, found by ``WorkerProgram/locate()`` if it is nil.
    ///   - begin: Gets the samples' format, once, before the first of them.
    ///   - take: Gets whole frames, as bytes in that format.
    /// - Returns: Where in the sound the reading ended, in seconds: before the part's end if the sound ends there.
    /// - Throws: ``ExtractionFailure`` if nothing can be decoded, ``ExtractorStartError`` if there is no worker, and what the
    ///   two bodies throw.
    package static func read(
        _ part: ExtractionRequest.Part, of file: FileDescriptor, suffix: FileSuffix = .none,
        executable: FilePath? = nil, begin: (SampleFormat) throws -> Void, take: ([UInt8]) throws -> Void
    ) throws -> Double {
        let request = ExtractionRequest(id: 1, work: .samples, longest: .infinity, suffix: suffix, part: part)
        return try ask(request, about: file, executable) { worker in
            var format: SampleFormat?
            // A worker must not be able to fill the disk.
            var room = 0
            while let reply = try worker.receive() {
                switch reply.body {
                case .began: continue
                case .format(let found) where format == nil:
                    // One to spare, where the part's ends are rounded in a sound that is not the file's first.
                    room = found.frame(at: part.to - part.from) + 2
                    format = found
                    try begin(found)
                case .samples(let bytes):
                    guard let format, bytes.count % format.frameSize == 0 else { throw ExtractionProtocolError() }
                    room -= bytes.count / format.frameSize
                    guard room >= 0 else { throw ExtractionProtocolError() }
                    try take(bytes)
                case .ended(let seconds) where format != nil: return seconds
                case .failed(let failure, _): throw failure
                case .needsFFmpeg: return nil
                default: throw ExtractionProtocolError()
                }
            }
            throw worker.crash()
        }
    }
}
