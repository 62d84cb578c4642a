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
    /// Those that are being unpacked among them: whoever asks for one meanwhile waits for it.
    private let kept = Mutex<[(key: Key, member: Promise<Member, SoundRefusal>)]>([])

    /// Members that are kept, each of ``ArchiveLimits/largestMember`` at the most.
    private static let most = 4

    /// - Parameter extractor: The program that unpacks them.
    init(extractor: FilePath) { self.extractor = extractor }

    /// Unpacks a member, unless it is there, or somebody is about to.
    ///
    /// - Parameters:
    ///   - archive: Open for reading.
    ///   - identity: The archive's.
    /// - Throws: ``SoundRefusal``
    func member(
        _ place: ArchivePlace, of archive: FileDescriptor, _ identity: FileIdentity
    ) throws(SoundRefusal) -> Member {
        let key = Key(place: place, archive: identity)
        let promise = Promise<Member, SoundRefusal>()
        let known = kept.withLock { kept -> Promise<Member, SoundRefusal>? in
            if let known = kept.first(where: { $0.key == key }) { return known.member }
            kept.append((key, promise))
            if kept.count > Self.most { kept.removeFirst() }
            return nil
        }
        if let known { return try known.wait() }
        do throws(SoundRefusal) {
            let member = try unpacked(place, of: archive)
            promise.fulfil(.success(member))
            return member
        } catch {
            // Another request may have better luck.
            kept.withLock { $0.removeAll { $0.member === promise } }
            promise.fulfil(.failure(error))
            throw error
        }
    }

    private func unpacked(_ place: ArchivePlace, of archive: FileDescriptor) throws(SoundRefusal) -> Member {
        do {
            let file = ServedFile(owning: try MemoryFile.make([], named: "timbre-web-member"))
            let hash = try ExtractorProcess.unpack(place.member, of: archive, executable: extractor) {
                _ = try file.descriptor.writeAll($0)
            }
            return Member(file: file, content: hash.description)
        } catch let failure as ExtractionFailure {
            throw .packed(failure.detail)
        } catch { throw .unreadable(error as? Errno ?? .ioError) }
    }
}
