import CLinux
import SystemPackage
import TimbreExtraction
import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

/// A sound that the library does not have, open for reading.
struct OutsideSound: ~Copyable {
    private let file: FileDescriptor

    /// The longest sound that is searched by, in seconds.
    private static let longest = 4.0 * 3600

    /// Opens a file.
    init(opening path: WirePath) throws(Failure) {
        do {
            file = try FileDescriptor.open(FilePath(exactly: path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch let error as Errno {
            let code: Failure.Code = error == .permissionDenied ? .notPermitted : .noSuchFile
            throw Failure(code, what: path.shown, why: "\(error)")
        } catch { throw Failure(.internalError, what: path.shown, why: "\(error)") }
    }

    /// Copies a stream, such as standard input, to where it can be read from any place.
    init(copying stream: FileDescriptor) throws(Failure) { file = try Self.copy(of: stream) }

    private static func copy(of stream: FileDescriptor) throws(Failure) -> FileDescriptor {
        let copy = FileDescriptor(rawValue: namelessFile())
        guard copy.rawValue >= 0 else { throw Failure(Errno(rawValue: errno), what: "standard input") }
        do {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try unsafe piece.withUnsafeMutableBytes { try unsafe stream.read(into: $0) }
                guard count > 0 else { return copy }
                try copy.writeAll(piece.prefix(count))
            }
        } catch {
            Glibc.close(copy.rawValue)
            throw Failure(error, what: "standard input")
        }
    }

    /// Makes a file that nobody else can open, and that is gone when it is closed.
    private static func namelessFile() -> CInt {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/timbrectl-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { return descriptor }
        unsafe unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    deinit { Glibc.close(file.rawValue) }

    /// Hears the sound, in a process of its own, for whatever a decoder does with it.
    ///
    /// - Throws: ``Failure`` of code 65 if it is not a sound.
    func query(named path: WirePath) throws(Failure) -> QuerySound {
        do {
            let found = try ExtractorProcess.extractOne(file, longest: Self.longest)
            let features = QueryFeatures(
                sampleCount: found.info.sampleCount, duration: found.info.duration,
                cepstra: Base64(found.frames.cepstra), bands: nil)
            return QuerySound(.features(features, path: path))
        } catch let failure as ExtractionFailure {
            throw Failure(.notAudio, what: path.shown, why: failure.detail)
        } catch { throw Failure(error, what: path.shown) }
    }
}

extension FilePath {
    init(exactly path: WirePath) {
        self = unsafe (path.bytes + [0]).map(CInterop.PlatformChar.init(bitPattern:)).withUnsafeBufferPointer {
            guard let start = $0.baseAddress else { return FilePath() }
            return unsafe FilePath(platformString: start)
        }
    }
}
