import ContentHash
import PageServer
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import TimbreExtraction

/// Sounds of archives, unpacked into memory by sandboxed processes; the last few are kept, as a browser asks for a sound in
/// pieces.
final class UnpackedMembers: Sendable {
    /// A member, and the state of its archive.
    private struct Key: Hashable {
        var place: ArchivePlace
        var archive: FileIdentity
    }

    /// A member that was unpacked.
    struct Member: Sendable {
        /// All of its bytes.
        var file: ServedFile
        /// `sha256:` and the hash of the bytes.
        var content: String
    }

    private let extractor: FilePath
    private let kept = Mutex<[(key: Key, member: Member)]>([])

    /// Members that are kept, each of ``ArchiveLimits/largestMember`` at the most.
    private static let most = 4

    /// - Parameter extractor: The program that unpacks them.
    init(extractor: FilePath) { self.extractor = extractor }

    /// Unpacks a member, unless it is there.
    ///
    /// - Parameters:
    ///   - archive: Open for reading.
    ///   - identity: The archive's.
    /// - Throws: ``SoundRefusal``
    func member(
        _ place: ArchivePlace, of archive: FileDescriptor, _ identity: FileIdentity
    ) throws(SoundRefusal) -> Member {
        let key = Key(place: place, archive: identity)
        if let known = kept.withLock({ $0.first { $0.key == key }?.member }) { return known }
        do {
            let file = ServedFile(owning: try MemoryFile.make([], named: "timbre-web-member"))
            let hash = try ExtractorProcess.unpack(place.member, of: archive, executable: extractor) {
                _ = try file.descriptor.writeAll($0)
            }
            let member = Member(file: file, content: hash.description)
            kept.withLock { kept in
                kept.append((key, member))
                if kept.count > Self.most { kept.removeFirst() }
            }
            return member
        } catch let failure as ExtractionFailure {
            throw .packed(failure.detail)
        } catch { throw .unreadable(error as? Errno ?? .ioError) }
    }
}
