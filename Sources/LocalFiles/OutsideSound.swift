import CommandOutput
import Platform
import QueryExtraction
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

/// A sound that is decoded here, and not by the daemon, open for reading.
package struct OutsideSound: ~Copyable {
    private let file: FileDescriptor

    /// The longest sound that is searched by, in seconds.
    private static let longest = 4.0 * 3600

    /// The most that is read from a stream, in bytes: more than the longest sound has, and less than fills a disk.
    private static let most = 4 << 30

    /// Opens a file.
    ///
    /// - Parameter verb: What it is opened for.
    package init(opening path: WirePath, for verb: String) throws(Failure) { file = try Self.open(path, for: verb) }

    private static func open(_ path: WirePath, for verb: String) throws(Failure) -> FileDescriptor {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                FilePath(bytes: path.bytes), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch Errno.notDirectory {
            guard let place = ArchivePlace(on: FilePath(bytes: path.bytes)) else {
                throw Failure(.noSuchFile, what: path.shown, why: "\(Errno.notDirectory)")
            }
            return try unpacked(place, named: path)
        } catch let error as Errno {
            let code: Failure.Code = error == .permissionDenied ? .notPermitted : .noSuchFile
            throw Failure(code, what: path.shown, why: "\(error)")
        } catch { throw Failure(.internalError, what: path.shown, why: "\(error)") }
        guard FileIdentity(of: file) != nil else {
            Glibc.close(file.rawValue)
            if isFolder(FilePath(bytes: path.bytes)) {
                throw Failure(.noSuchFile, what: path.shown, why: "a folder", next: "\(verb) takes files")
            }
            throw Failure(.notAudio, what: path.shown, why: "not a regular file", next: "a stream goes by `-`")
        }
        return file
    }

    /// Unpacks a sound of an archive, in a process of its own, to a file that nobody else can open.
    private static func unpacked(_ place: ArchivePlace, named name: WirePath) throws(Failure) -> FileDescriptor {
        let file = try namelessFile(for: name.shown)
        do {
            let archive = try FileDescriptor.open(place.archive, .readOnly, options: [.closeOnExec, .nonBlocking])
            try archive.closeAfter {
                _ = try ExtractorProcess.unpack(place.member, of: archive, limits: .ofSingleMember) {
                    _ = try file.writeAll($0)
                }
            }
            return file
        } catch {
            Glibc.close(file.rawValue)
            guard let failure = error as? ExtractionFailure else { throw Failure(error, what: name.shown) }
            throw Failure(
                failure.reason == .unreadable ? .noSuchFile : .notAudio, what: name.shown, why: failure.detail)
        }
    }

    /// Copies all bytes.
    package borrowing func copy(to target: FileDescriptor, named path: WirePath) throws(Failure) {
        do {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            var place: Int64 = 0
            while true {
                let count = try unsafe piece.withUnsafeMutableBytes {
                    try unsafe file.read(fromAbsoluteOffset: place, into: $0)
                }
                guard count > 0 else { return }
                try target.writeAll(piece.prefix(count))
                place += Int64(count)
            }
        } catch Errno.brokenPipe { throw Output.endUnread() } catch { throw Failure(error, what: path.shown) }
    }

    /// Whether a path leads to a pipe, such as the shell makes for `<(…)`, which can be read only once.
    package static func isPipe(_ path: FilePath) -> Bool {
        let found = Probe.answer(within: .patience) {
            Result { () throws(Errno) in try FileStatus(of: path, following: true).isPipe }
        }
        // What does not answer is no pipe: pipes are local.
        if case .success(let isPipe) = found { return isPipe }
        return false
    }

    /// Whether a path leads to a folder.
    package static func isFolder(_ path: FilePath) -> Bool { kind(of: path) == .directory }

    /// Whether a path leads to anything.
    package static func isThere(_ path: FilePath) -> Bool { kind(of: path) != nil }

    private static func kind(of path: FilePath) -> FileStatus.Kind? {
        let found = Probe.answer(within: .patience) {
            Result { () throws(Errno) in try FileStatus(of: path, following: true).kind }
        }
        if case .success(let kind) = found { return kind }
        return nil
    }

    /// Copies what comes out of a pipe to a file, which can be read anywhere.
    package init(copyingPipe path: FilePath) throws(Failure) {
        let name = WirePath(path).shown
        do {
            let pipe = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            file = try pipe.closeAfter { try Self.copy(of: pipe, named: name) }
        } catch { throw Failure(error, what: name) }
    }

    /// Copies standard input.
    init(copyingInput: Void) throws(Failure) { file = try Self.copy(of: .standardInput, named: "standard input") }

    private static func copy(of stream: FileDescriptor, named name: String) throws(Failure) -> FileDescriptor {
        let copy = try namelessFile(for: name)
        do {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            var taken = 0
            while true {
                let count = try unsafe piece.withUnsafeMutableBytes { try unsafe stream.read(into: $0) }
                guard count > 0 else { return copy }
                taken += count
                guard taken <= most else {
                    throw Failure(.notAudio, what: name, why: "no end after \(most >> 30) GB")
                }
                try copy.writeAll(piece.prefix(count))
            }
        } catch let failure as Failure {
            Glibc.close(copy.rawValue)
            throw failure
        } catch {
            Glibc.close(copy.rawValue)
            throw Failure(error, what: name)
        }
    }

    /// Makes a file that nobody else can open, and that is gone when it is closed: in TMPDIR, or in /tmp if that is not
    /// there.
    static func namelessFile(for name: String) throws(Failure) -> FileDescriptor {
        let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        var failure = Errno.noSuchFileOrDirectory
        for folder in [named, "/tmp"] where !folder.isEmpty {
            var template = Array("\(folder)/timbrectl-XXXXXX".utf8CString)
            let descriptor = unsafe mkstemp(&template)
            guard descriptor >= 0 else {
                failure = Errno.last
                continue
            }
            unsafe unlink(template)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return FileDescriptor(rawValue: descriptor)
        }
        throw Failure(
            .internalError, what: name, why: "no file can be made in /tmp to copy it to: \(failure)",
            next: "name another folder by TMPDIR")
    }

    deinit { Glibc.close(file.rawValue) }

    /// Extracts the sound's features, in a process of its own, whatever a decoder may do there.
    ///
    /// - Throws: ``Failure`` of code 65 if it is not a sound.
    func query(named path: WirePath) throws(Failure) -> QuerySound {
        do {
            let features = try QueryFeatures(
                of: file, longest: Self.longest, suffix: FileSuffix(of: FilePath(bytes: path.bytes)))
            return QuerySound(.features(features, path: path))
        } catch let failure as ExtractionFailure {
            throw Self.failure(failure, of: path)
        } catch { throw Failure(error, what: path.shown) }
    }

    /// Reads its waveform, in a process of its own as well.
    ///
    /// - Parameter part: What part of it is wanted; all of it if nil.
    /// - Throws: ``Failure`` of code 65 if it is not a sound.
    package func outline(of part: TimeSpan?, named path: WirePath) throws(Failure) -> SoundOutline {
        do {
            return try ExtractorProcess.outlineOne(
                file, suffix: FileSuffix(of: FilePath(bytes: path.bytes)),
                part: part.map { ExtractionRequest.Part(from: $0.start, to: $0.end) })
        } catch let failure as ExtractionFailure {
            throw Self.failure(failure, of: path)
        } catch { throw Failure(error, what: path.shown) }
    }

    /// Writes a part of the sound to a file, decoded in a process of its own.
    ///
    /// - Returns: Where in the sound the part ends, in seconds: earlier than was asked for if the sound does.
    /// - Throws: ``Failure``, of code 65 if it is not a sound, and of code 64 if it ends before the part begins.
    package func write(_ part: TimeSpan, named path: WirePath, to file: FileDescriptor) throws(Failure) -> Double {
        do {
            var wave: WaveWriter?
            let end = try ExtractorProcess.read(
                ExtractionRequest.Part(from: part.start, to: part.end), of: self.file,
                suffix: FileSuffix(of: FilePath(bytes: path.bytes)),
                begin: { wave = try WaveWriter(file, format: $0, mostFrames: $0.frame(at: part.end - part.start) + 2) },
                take: { try wave?.append($0) })
            guard let written = try wave?.finish(), written > 0 else {
                throw Failure(
                    .usage, what: path.shown,
                    why: "there is nothing from \(SoundTime.text(part.start, digits: 1)) on: "
                        + "the sound ends at \(SoundTime.text(end, digits: 1))")
            }
            return end
        } catch let failure as ExtractionFailure {
            throw Self.failure(failure, of: path)
        } catch { throw Failure(error, what: path.shown) }
    }

    /// Why a file is no sound; of an archive, how the sounds in it are named.
    private static func failure(_ failure: ExtractionFailure, of path: WirePath) -> Failure {
        guard failure.reason == .unknownFormat, ArchiveNames.isArchive(path.bytes) else {
            return Failure(.notAudio, what: path.shown, why: failure.detail)
        }
        return Failure(
            .notAudio, what: path.shown, why: "an archive, and no sound",
            next: "name a sound in it, such as \(path.shown)/Kicks/kick.wav")
    }
}
