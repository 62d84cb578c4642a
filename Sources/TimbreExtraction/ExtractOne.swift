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
        let worker = try start(try executable ?? WorkerProgram.locate())
        // A worker that does not even take the request has died: its end tells more than the error here.
        let request = ExtractionRequest(id: 1, work: work, longest: longest, suffix: suffix)
        do { try worker.send(request, file: file) } catch {
            throw worker.crash()
        }
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
            case .sameAudio, .format, .samples, .ended, .outline: throw ExtractionProtocolError()
            case .finished(let content, let size):
                guard let info else { throw ExtractionProtocolError() }
                return Extraction(info: info, frames: frames, shifted: shifted, content: content, size: size)
            case .sound(let frames, let info, let content, let size):
                return Extraction(info: info, frames: frames, shifted: shifted, content: content, size: size)
            }
        }
        throw worker.crash()
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
        let worker = try start(try executable ?? WorkerProgram.locate())
        let request = ExtractionRequest(id: 1, work: .outline, longest: .infinity, suffix: suffix, part: part)
        do { try worker.send(request, file: file) } catch { throw worker.crash() }
        while let reply = try worker.receive() {
            switch reply.body {
            case .began: continue
            case .outline(let outline): return outline
            case .failed(let failure, _): throw failure
            default: throw ExtractionProtocolError()
            }
        }
        throw worker.crash()
    }

    /// What to say of a file whose worker has gone.
    func crash() -> ExtractionFailure {
        kill()
        return ExtractionFailure(.crashed, "the decoder \(reap()) while it had the file")
    }
}
