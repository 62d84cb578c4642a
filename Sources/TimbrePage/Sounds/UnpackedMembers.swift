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
    struct Key: Hashable {
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

    /// Those that are being unpacked, for whoever asks for one meanwhile, and the last few that were.
    struct Kept {
        private var members: [(key: Key, member: Promise<Member, SoundRefusal>, isUnpacked: Bool)] = []

        /// Members that are kept beside those under way, each of ``ArchiveLimits/largestMember`` at the most.
        static let most = 4

        /// The member of a key; if there is none, the promise is kept for it.
        mutating func member(
            _ key: Key, orKeep promise: Promise<Member, SoundRefusal>
        ) -> Promise<Member, SoundRefusal>? {
            if let known = members.first(where: { $0.key == key }) { return known.member }
            members.append((key, promise, isUnpacked: false))
            return nil
        }

        /// Notes that a member is unpacked. The oldest of those that are goes if there are too many.
        mutating func unpacked(_ promise: Promise<Member, SoundRefusal>) {
            for place in members.indices where members[place].member === promise { members[place].isUnpacked = true }
            guard members.count(where: \.isUnpacked) > Self.most else { return }
            members.firstIndex(where: \.isUnpacked).map { _ = members.remove(at: $0) }
        }

        /// Notes that a member cannot be unpacked: another request may have better luck.
        mutating func failed(_ promise: Promise<Member, SoundRefusal>) {
            members.removeAll { $0.member === promise }
        }
    }

    private let extractor: FilePath
    private let kept = Mutex(Kept())

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
        if let known = kept.withLock({ $0.member(key, orKeep: promise) }) { return try known.wait() }
        do throws(SoundRefusal) {
            let member = try unpacked(place, of: archive)
            kept.withLock { $0.unpacked(promise) }
            promise.fulfil(.success(member))
            return member
        } catch {
            kept.withLock { $0.failed(promise) }
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
