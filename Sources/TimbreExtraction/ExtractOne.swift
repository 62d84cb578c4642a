import SoundFeatures
import SystemPackage

extension ExtractorProcess {
    /// Extracts one file in a worker started for it, and waits for the result.
    ///
    /// - Parameters:
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - suffix: The extension of its name, where it has one.
    ///   - work: Which features are wanted.
    ///   - executable: The worker's program, found by ``WorkerProgram/locate()`` if it is nil.
    /// - Throws: ``ExtractionFailure`` if the file gives no features, ``ExtractorStartError`` if there is no worker.
    package static func extractOne(
        _ file: FileDescriptor, longest: Double, suffix: FileSuffix = .none,
        work: ExtractionRequest.Work = .features, executable: FilePath? = nil
    ) throws -> Extraction {
        let request = ExtractionRequest(id: 1, work: work, longest: longest, suffix: suffix)
        return try ask(request, about: file, executable) { worker in
            var frames = FeatureFrames()
            var shifted: FeatureFrames?
            var info: SoundInfo?
            while let reply = try worker.receive() {
                switch reply.body {
                case .began: continue
                case .frames(let next): frames.append(next)
                case .shifted(let found): shifted = found
                case .info(let found): info = found
                case .failed(let failure, _): throw failure
                case .needsFFmpeg: return nil
                case .sameAudio, .format, .samples, .ended, .outline, .tags, .member, .memberBegan, .archiveEnded,
                    .bytes:
                    throw ExtractionProtocolError()
                case .finished(let content, let size):
                    guard let info else { throw ExtractionProtocolError() }
                    return Extraction(info: info, frames: frames, shifted: shifted, content: content, size: size)
                case .sound(let frames, let info, let content, let size):
                    return Extraction(info: info, frames: frames, shifted: shifted, content: content, size: size)
                }
            }
            throw worker.crash()
        }
    }

    /// The outline of one file, by a worker started for it.
    ///
    /// - Parameters:
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - suffix: The extension of its name, where it has one.
    ///   - part: All of it if nil.
    ///   - executable: As for ``extractOne(_:longest:suffix:work:executable:)``, which says what is thrown.
    package static func outlineOne(
        _ file: FileDescriptor, suffix: FileSuffix = .none, part: ExtractionRequest.Part? = nil,
        executable: FilePath? = nil
    ) throws -> SoundOutline {
        let request = ExtractionRequest(id: 1, work: .outline, longest: .infinity, suffix: suffix, part: part)
        return try ask(request, about: file, executable) { worker in
            while let reply = try worker.receive() {
                switch reply.body {
                case .began: continue
                case .outline(let outline): return outline
                case .failed(let failure, _): throw failure
                case .needsFFmpeg: return nil
                default: throw ExtractionProtocolError()
                }
            }
            throw worker.crash()
        }
    }

    /// Asks a worker that is started for it about one file, and if that finds that it takes FFmpeg's libraries, another
    /// one that has loaded them.
    ///
    /// - Parameter listen: Makes something of a worker's replies; nil if it has said that it lacks the libraries.
    static func ask<Answer>(
        _ request: ExtractionRequest, about file: FileDescriptor, _ executable: FilePath?,
        _ listen: (ExtractorProcess) throws -> Answer?
    ) throws -> Answer {
        let program = try executable ?? WorkerProgram.locate()
        for withFFmpeg in [false, true] {
            let worker = try start(program, withFFmpeg: withFFmpeg)
            // A worker that does not even take the request has died: its end tells more than the error here.
            do { try worker.send(request, file: file) } catch { throw worker.crash() }
            if let answer = try listen(worker) { return answer }
        }
        throw ExtractionProtocolError()
    }

    /// What to say of a file whose worker has gone.
    func crash() -> ExtractionFailure {
        kill()
        return ExtractionFailure(.crashed, "the decoder \(reap()) while it had the file")
    }
}
