import Dispatch
import Platform
import QueryExtraction
import SoundFeatures
import Synchronization
import SystemPackage
import TimbreWire

/// Sounds from outside the library that were dropped on the page: what they sound like is kept for a while, in memory.
final class HeardSounds: Sendable {
    /// Bytes that a file may have.
    static let largest = 64 << 20
    /// The longest sound that is listened to, in seconds.
    private static let longest = 3600.0
    /// Sounds that are remembered.
    private static let most = 8

    private struct Heard {
        var name: String
        var query: QuerySound
    }

    private let extractor: FilePath
    private let heard = Mutex<[Heard]>([])
    /// Each takes a decoder, and memory for the file.
    private let turns = DispatchSemaphore(value: 2)

    init(extractor: FilePath) { self.extractor = extractor }

    /// The sound of a name that was given by ``hear(_:named:)``; nil if it has been forgotten.
    func query(_ name: String) -> QuerySound? { heard.withLock { $0.first { $0.name == name }?.query } }

    /// Listens to a file, in a sandboxed process.
    ///
    /// - Parameter path: The file's name where it came from.
    /// - Returns: A name for the sound, and its length in seconds.
    /// - Throws: `ExtractionFailure` if it is not a sound.
    func hear(_ bytes: [UInt8], named path: WirePath) throws -> (name: String, duration: Double) {
        turns.wait()
        defer { turns.signal() }
        let file = OwnedDescriptor(owning: try MemoryFile.make(bytes, named: "timbre-web-heard"))
        let features = try QueryFeatures(
            of: file.descriptor, longest: Self.longest, suffix: FileSuffix(of: FilePath(bytes: path.bytes)),
            executable: extractor)
        let name = Key.random(bytes: 12).text
        heard.withLock { heard in
            heard.append(Heard(name: name, query: QuerySound(.features(features, path: path))))
            if heard.count > Self.most { heard.removeFirst() }
        }
        return (name, features.duration)
    }
}
