import AudioDecoding
import Glibc
import SystemPackage
import TimbreExtraction

/// Sound files of one format and about one length.
struct SoundFiles {
    let name: String
    private(set) var files: [FilePath] = []
    /// How long they are together.
    private(set) var seconds = 0.0

    /// Sounds shorter than this are one-shots.
    private static let short = 2.0

    /// The sounds among some files and in some folders, those of a kind together; what is no sound is left out.
    static func groups(of places: [FilePath]) throws -> [SoundFiles] {
        var groups: [String: SoundFiles] = [:]
        for path in try places.flatMap(files) {
            guard let (format, seconds) = try kind(of: path) else { continue }
            let name = format + (seconds < short ? ", below 2 s" : ", 2 s or more")
            groups[name, default: SoundFiles(name: name)].files.append(path)
            groups[name]?.seconds += seconds
        }
        return groups.values.sorted { $0.name < $1.name }
    }

    /// The bytes of a file.
    static func contents(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            let size = Int(try file.seek(offset: 0, from: .end))
            return try unsafe [UInt8](unsafeUninitializedCapacity: size) { room, count in
                count = try unsafe file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(room))
            }
        }
    }

    private static func kind(of path: FilePath) throws -> (format: String, seconds: Double)? {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            do throws(ExtractionFailure) {
                let sound = try SoundFile(file)
                let frames = sound.expectedFrameCount ?? 0
                guard frames > 0 else { return nil }
                return ("\(sound.format), \(sound.sampleRate) Hz", Double(frames) / Double(sound.sampleRate))
            } catch {
                return nil
            }
        }
    }

    /// The file of a path, or all files below it, in the order of their names.
    private static func files(_ path: FilePath) throws -> [FilePath] {
        guard let directory = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
            guard errno == ENOTDIR else { throw Errno(rawValue: errno) }
            return [path]
        }
        defer { unsafe closedir(directory) }
        var names: [FilePath.Component] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe FilePath(platformString: $0) }
            }
            if let component = name.lastComponent, component.kind == .regular { names.append(component) }
        }
        return try names.map { path.appending($0) }.sorted { $0.string < $1.string }.flatMap(files)
    }
}
