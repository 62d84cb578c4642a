import AudioDecoding
import Glibc
import Platform
import SoundFeatures
import SystemPackage

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
        guard try FileStatus(of: path, following: true).kind == .directory else { return [path] }
        let names = try OpenDirectory.entries(of: path).map { $0.name }.sorted { $0.precedes($1) }
        return try names.flatMap { try files(path.appending(bytes: $0)) }
    }
}
