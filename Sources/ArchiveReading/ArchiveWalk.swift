import Platform
import SoundFeatures
import SystemPackage

/// A walk through an archive, within limits, past all members that may be sounds.
///
/// It ends where the archive ends, is damaged, or unpacks to more than it may; ``failure`` says so then. Until there,
/// everything counts.
package struct ArchiveWalk: ~Copyable {
    /// A member that is wanted, by its name.
    package struct Member: Hashable, Sendable {
        /// Which of the archive's members it is, from 0.
        package var number: Int
        /// Its path below the archive.
        package var path: [UInt8]
        /// Bytes in it, where the archive says so.
        package var size: Int64?
        /// When it was last written, in nanoseconds since 1970; 0 if that is not known.
        package var modified: Int64
        /// The path of the member of which it is another name; nil if it has bytes of its own.
        package var original: [UInt8]?
    }

    private var reader: ArchiveReader
    private let limits: ArchiveLimits
    private let isWanted: ([UInt8]) -> Bool
    private let pulse: () throws -> Void
    /// The archive's own size, in bytes.
    private let size: Int64
    private var count = 0
    /// Bytes that were unpacked.
    private var unpacked: Int64 = 0
    private var current: ArchiveEntry?
    private var mustDrain = false
    private var end: ExtractionFailure?
    private var isAtEnd = false
    private var misnamed = (count: 0, first: [UInt8]())

    /// Bytes that are unpacked at a time.
    private static let block = 128 * 1024

    /// - Parameters:
    ///   - file: Open for reading for as long as the walk goes on; its offset is neither used nor moved.
    ///   - isWanted: Whether a name is that of a member to be told of.
    ///   - pulse: Called now and then while nothing else is heard of the walk.
    /// - Throws: ``ExtractionFailure`` if it is no archive that can be read.
    package init(
        _ file: FileDescriptor, limits: ArchiveLimits, isWanted: @escaping ([UInt8]) -> Bool,
        pulse: @escaping () throws -> Void
    ) throws(ExtractionFailure) {
        let length: Int64
        do throws(Errno) { length = try FileStatus(of: file).size } catch {
            throw ExtractionFailure(.unreadable, "\(error)")
        }
        reader = try Self.open(file)
        (size, self.limits, self.isWanted, self.pulse) = (length, limits, isWanted, pulse)
    }

    private static func open(_ file: FileDescriptor) throws(ExtractionFailure) -> ArchiveReader {
        do throws(ArchiveFailure) { return try ArchiveReader(file) } catch { throw ExtractionFailure(archive: error) }
    }

    /// What is to be said of the archive as a whole, once the walk has ended; nil if nothing.
    package var failure: ExtractionFailure? {
        var remarks: [String] = []
        if let end { remarks.append(end.detail) }
        if misnamed.count > 0 {
            let name = String(escaping: Array(misnamed.first.prefix(200)), for: .line)
            remarks.append(
                misnamed.count == 1
                    ? "a member is left out, as its name leads out of the archive or is none: \(name)"
                    : "\(misnamed.count) members are left out, as their names lead out of the archive or are none, such as \(name)"
            )
        }
        return remarks.isEmpty
            ? nil : ExtractionFailure(end?.reason ?? .unsupported, remarks.joined(separator: "; "))
    }

    /// Goes to the next member that is wanted; nil at the end.
    ///
    /// - Throws: What the pulse throws.
    package mutating func next() throws -> Member? {
        while !isAtEnd {
            if mustDrain { try drain() }
            guard !isAtEnd else { break }
            let entry: ArchiveEntry?
            do throws(ArchiveFailure) { entry = try reader.next() } catch {
                stop(ExtractionFailure(archive: error, behind: count))
                break
            }
            guard let entry else {
                isAtEnd = true
                break
            }
            try pulse()
            let number = count
            count += 1
            guard count <= limits.mostMembers else {
                stop(
                    .outOfLimits("it has more than \(limits.mostMembers) members (max_archive_members in timbred.toml)")
                )
                break
            }
            (current, mustDrain) = (entry, reader.isSolid)
            if let member = member(entry, number) { return member }
        }
        return nil
    }

    private mutating func member(_ entry: ArchiveEntry, _ number: Int) -> Member? {
        var original: [UInt8]?
        switch entry.kind {
        case .directory, .other: return nil
        case .file: break
        case .hardLink(let target): original = ArchiveNames.path(ofMember: target) ?? []
        }
        guard let name = entry.name, !name.isEmpty else {
            misnamed.count += 1
            return nil
        }
        guard let path = ArchiveNames.path(ofMember: name) else {
            if isWanted(name) {
                if misnamed.count == 0 { misnamed.first = name }
                misnamed.count += 1
            }
            return nil
        }
        return isWanted(path)
            ? Member(number: number, path: path, size: entry.size, modified: entry.modified, original: original) : nil
    }

    /// Unpacks the member at which the walk stands, and hands on its bytes as they come.
    ///
    /// - Returns: Why it cannot be unpacked, or not to its end; nil if all of it was.
    /// - Throws: What `take` and the pulse throw.
    package mutating func unpack(_ take: ([UInt8]) throws -> Void) throws -> ExtractionFailure? {
        guard let entry = current else { preconditionFailure("the walk stands at no member") }
        if entry.isEncrypted { return ExtractionFailure(.unsupported, "it takes a password") }
        if let size = entry.size, size > limits.largestMember { return tooLarge }
        var length: Int64 = 0
        while true {
            let piece: [UInt8]
            do throws(ArchiveFailure) { piece = try readSome() } catch {
                if !error.isOfMember { stop(ExtractionFailure(archive: error, behind: count - 1)) }
                return ExtractionFailure(member: error)
            }
            if piece.isEmpty {
                mustDrain = false
                return nil
            }
            length += Int64(piece.count)
            if length > limits.largestMember { return tooLarge }
            if let end { return end }
            try take(piece)
            try pulse()
        }
    }

    private var tooLarge: ExtractionFailure {
        .outOfLimits(
            "it is larger than \(limits.largestMember >> 20) MB, unpacked (max_archive_member_size in timbred.toml)")
    }

    /// Reads on in the member, and counts.
    private mutating func readSome() throws(ArchiveFailure) -> [UInt8] {
        let piece = try reader.read(most: Self.block)
        unpacked += Int64(piece.count)
        if unpacked > limits.mostBytes {
            stop(
                .outOfLimits("it unpacks to more than \(limits.mostBytes >> 20) MB (max_archive_size in timbred.toml)"))
        } else if unpacked > ArchiveLimits.alwaysUnpacked, unpacked / Int64(limits.mostRatio) > size {
            stop(
                .outOfLimits(
                    "it unpacks to more than \(limits.mostRatio) times its size (max_archive_ratio in timbred.toml)"))
        }
        return piece
    }

    /// Passes over what is left of a member that has to be decompressed all the same, within the limits as well.
    private mutating func drain() throws {
        mustDrain = false
        while !isAtEnd {
            do throws(ArchiveFailure) { if try readSome().isEmpty { return } } catch {
                if !error.isOfMember { stop(ExtractionFailure(archive: error, behind: count - 1)) }
                return
            }
            try pulse()
        }
    }

    private mutating func stop(_ failure: ExtractionFailure) {
        (end, isAtEnd, mustDrain) = (end ?? failure, true, false)
    }
}

extension ExtractionFailure {
    fileprivate static func outOfLimits(_ words: String) -> ExtractionFailure { ExtractionFailure(.outOfLimits, words) }

    /// Why a member cannot be unpacked.
    fileprivate init(member failure: ArchiveFailure) {
        switch failure.reason {
        case .unreadable: self.init(.unreadable, failure.detail)
        case .encrypted: self.init(.unsupported, "it takes a password")
        case .unknownFormat, .unsupported: self.init(.unsupported, "it cannot be unpacked\(failure.explanation)")
        case .damaged: self.init(.damaged, "it is damaged in its archive\(failure.explanation)")
        }
    }

    /// Why an archive cannot be read, or not on.
    ///
    /// - Parameter count: Members that were read before.
    fileprivate init(archive failure: ArchiveFailure, behind count: Int = 0) {
        let place = count > 0 ? " behind \(count) member\(count == 1 ? "" : "s")" : ""
        switch failure.reason {
        case .unreadable: self.init(.unreadable, failure.detail)
        case .unknownFormat: self.init(.unknownFormat, "not an archive of a known kind")
        case .encrypted: self.init(.unsupported, "the archive takes a password\(place)")
        case .unsupported: self.init(.unsupported, "the archive cannot be read\(place)\(failure.explanation)")
        case .damaged: self.init(.damaged, "the archive is damaged\(place)\(failure.explanation)")
        }
    }
}

extension ArchiveFailure {
    /// What follows a sentence that says what cannot be done.
    fileprivate var explanation: String { detail.isEmpty ? "" : ": \(detail)" }
}
