import SystemPackage

/// The names by which a file is taken for an archive, and paths that go on inside of one: `pack.zip/Kicks/kick 1.wav`.
package enum ArchiveNames {
    private static let endings = [
        ".zip", ".7z", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tzst",
    ].map { Array($0.utf8) }
    private static let longest = endings.map(\.count).max() ?? 0
    private static let lastBytes = Set(endings.compactMap(\.last))

    /// Whether a file of this name is taken for an archive; letters count as equal in either case.
    package static func isArchive(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        // Nearly all names are told apart by their last letter.
        guard let last = name.last, lastBytes.contains(lowered(last)) else { return false }
        let end = name.suffix(longest + 1).map(lowered)
        return endings.contains { end.count > $0.count && end.suffix($0.count).elementsEqual($0) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The name of a member as a path below its archive, without empty parts and `.`; nil if it leads out of the archive, is
    /// that of no file, or is longer than a path can be.
    package static func path(ofMember name: [UInt8]) -> [UInt8]? {
        guard name.first != UInt8(ascii: "/"), name.last != UInt8(ascii: "/"), name.count <= longestMember,
            !name.contains(0)
        else { return nil }
        let parts = name.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard let last = parts.last, last.count <= 255, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            return nil
        }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }

    /// The longest name of a member, in bytes: the kernel's own limit for a path is little more.
    private static let longestMember = 3000
}

/// A place inside an archive.
package struct ArchivePlace: Hashable, Sendable {
    /// The archive.
    package var archive: FilePath
    /// The member's path below it; empty for the archive itself.
    package var member: [UInt8]

    package init(archive: FilePath, member: [UInt8]) {
        self.archive = archive
        self.member = member
    }

    /// The places that a path may be, outermost archive first: each of its names may be that of an archive, or of a folder
    /// that is called like one. Only a look at the disk, or at the library, tells.
    package static func possible(_ path: FilePath) -> [ArchivePlace] {
        let bytes = path.bytes
        var places: [ArchivePlace] = []
        var start = 0
        for end in bytes.indices.dropFirst() + [bytes.count] where end == bytes.count || bytes[end] == separator {
            defer { start = end + 1 }
            guard start < end, ArchiveNames.isArchive(bytes[start..<end]) else { continue }
            places.append(
                ArchivePlace(
                    archive: FilePath(bytes: Array(bytes[..<end])), member: Array(bytes[min(end + 1, bytes.count)...])))
        }
        return places
    }

    private static let separator = UInt8(ascii: "/")

    /// The place that a path is inside an archive on disk; nil if none of its names is that of a file.
    ///
    /// The look may hang where a file system does not answer.
    package init?(on path: FilePath) {
        let found = Self.possible(path).first { place in
            guard !place.member.isEmpty else { return false }
            do throws(Errno) { return try FileStatus(of: place.archive, following: true).kind == .file } catch {
                return false
            }
        }
        guard let found else { return nil }
        self = found
    }
}
