import ArchiveReading
import AudioDecoding
import ContentHash
import Platform
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreExtraction

/// What is asked about archives, but for the features of their members: what is in them, what that says of itself, and the
/// bytes of a single member.
struct ArchiveWork {
    let file: FileDescriptor
    let task: ArchiveTask
    /// Sends a reply, and lets the time that the file may take count anew.
    let send: (ExtractionReply.Body) throws -> Void

    /// Says now and then that the work goes on.
    private final class Pulse {
        private var last = ContinuousClock.now
        private let send: (ExtractionReply.Body) throws -> Void

        init(_ send: @escaping (ExtractionReply.Body) throws -> Void) { self.send = send }

        func beat() throws {
            guard ContinuousClock.now - last > .seconds(1) else { return }
            last = .now
            try send(.began)
        }
    }

    /// Begins to go through the archive.
    func walk(_ isWanted: @escaping ([UInt8]) -> Bool) throws -> ArchiveWalk {
        let pulse = Pulse(send)
        return try ArchiveWalk(file, limits: task.limits, isWanted: isWanted) { try pulse.beat() }
    }

    /// Tells of all members that may be sounds, and the hash of each.
    func list() throws {
        let suffixes = Set(task.extensions.map(\.text))
        var walk = try walk { path in
            let name = FilePath(bytes: path)
            return suffixes.contains(FileSuffix(of: name).text) || ArchiveNames.isArchive(path)
        }
        /// What members that others may be names of turned out to be.
        var seen: [[UInt8]: (size: Int64, outcome: MemberReport.Outcome)] = [:]
        while let member = try walk.next() {
            var found: (size: Int64, outcome: MemberReport.Outcome)
            if ArchiveNames.isArchive(member.path) {
                found = (member.size ?? 0, .failed(Self.nested))
            } else if let original = member.original {
                found = seen[original] ?? (0, .failed(Self.withoutOriginal))
            } else {
                var hasher = ContentHasher()
                var size: Int64 = 0
                let failure = try walk.unpack { bytes in
                    hasher.update(bytes)
                    size += Int64(bytes.count)
                }
                let hash = hasher.finish()
                found = (failure == nil ? size : member.size ?? size, failure.map { .failed($0) } ?? .hashed(hash))
            }
            if seen[member.path] == nil { seen[member.path] = found }
            try send(
                .member(
                    MemberReport(
                        number: member.number, path: member.path, size: found.size, modified: member.modified,
                        outcome: found.outcome)))
        }
        try send(.archiveEnded(walk.failure))
    }

    private static let nested = ExtractionFailure(
        .outOfLimits, "an archive inside an archive is not opened: unpack it to have its sounds found")
    private static let withoutOriginal = ExtractionFailure(
        .damaged, "it is another name for a member that is not in front of it")

    /// Tells what the members of some extensions say of themselves, each by its hash; those that cannot be unpacked are
    /// passed over. Of each it is told before that it is begun with, so that it is known which one it was that this process
    /// died of.
    ///
    /// - Parameter input: Where they are unpacked, one after the other.
    func sendTags(unpackingInto input: MemoryInput) throws {
        defer { input.clear() }
        let suffixes = Set(task.extensions.map(\.text))
        var walk = try walk { suffixes.contains(FileSuffix(of: FilePath(bytes: $0)).text) }
        while let member = try walk.next() {
            // What is only another name has the content of what it stands for.
            guard member.number >= task.first, member.original == nil else { continue }
            try send(.memberBegan(member.number))
            input.clear()
            guard try walk.unpack({ input.append($0) }) == nil else { continue }
            let (hash, size) = try Extractor.hash(input)
            try send(
                .member(
                    MemberReport(
                        number: member.number, path: member.path, size: Int64(size), modified: member.modified,
                        outcome: .hashed(hash))))
            try send(.tags(try FileTags.read(input)))
        }
        try send(.archiveEnded(walk.failure))
    }

    /// Sends the bytes of a member.
    func sendMember() throws {
        var path = task.member
        // The second time for what the first was another name of.
        for _ in 0..<2 {
            var walk = try walk { [path] in $0 == path }
            guard let member = try walk.next() else {
                throw walk.failure ?? ExtractionFailure(.unreadable, "there is no such sound in the archive")
            }
            if let original = member.original {
                path = original
                continue
            }
            var hasher = ContentHasher()
            var size: UInt64 = 0
            let failure = try walk.unpack { bytes in
                hasher.update(bytes)
                size += UInt64(bytes.count)
                for start in stride(from: 0, to: bytes.count, by: ExtractionReply.mostSampleBytes) {
                    try send(.bytes(Array(bytes[start...].prefix(ExtractionReply.mostSampleBytes))))
                }
            }
            if let failure { throw failure }
            return try send(.finished(hasher.finish(), size: size))
        }
        throw Self.withoutOriginal
    }
}
