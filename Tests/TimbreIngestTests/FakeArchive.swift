import ContentHash
import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import Testing
import TimbreExtraction
import TimbreStore

@testable import TimbreIngest

/// What stands for an archive in these tests: a line for each member, its path, a colon, and a ``FakeSound``.
///
/// A member `!locked` cannot be unpacked; a line `!damaged` is where the archive breaks off.
struct FakeArchive {
    struct Member {
        var path: String
        var sound: FakeSound
    }

    var members: [Member] = []
    var failure: ExtractionFailure?

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            if parts.count == 2 {
                members.append(
                    Member(path: String(decoding: parts[0], as: UTF8.self), sound: FakeSound(Array(parts[1]))))
            } else {
                failure = ExtractionFailure(.damaged, "the archive is damaged")
            }
        }
    }

    /// What a worker would tell of what is in it.
    var reports: [MemberReport] {
        members.enumerated().map { number, member in
            MemberReport(
                number: number, path: Array(member.path.utf8), size: Int64(member.sound.bytes.count), modified: 5,
                outcome: member.sound.bytes.starts(with: Array("!locked".utf8))
                    ? .failed(ExtractionFailure(.unsupported, "it takes a password")) : .hashed(member.sound.hash))
        }
    }
}

extension TestLibrary {
    /// Takes the archives that wait, as the loop does.
    ///
    /// - Returns: What a worker is to do with each.
    func nextArchives() throws -> [WorkItem] {
        var items: [WorkItem] = []
        let demand = WorkerDemand(isOpen: true, busyCount: 0, capacity: 1)
        try turn { items = try Attempts(turn: $0).noteNext(demand, boot: "boot") }
        for item in items { #expect(state.waiting.handOutNext() == item.file) }
        return items
    }

    /// Takes the only archive that waits.
    func nextArchive() throws -> WorkItem { try #require(try nextArchives().first) }

    /// What a worker would find in an archive.
    ///
    /// - Parameter most: Members that are decoded before it is interrupted; all if nil.
    func findings(of item: WorkItem, most: Int? = nil) throws -> [Finding] {
        let identity = try #require(FileIdentity(of: item.path))
        func finding(_ result: WorkerOutcome.Result, member: Int? = nil) -> Finding {
            Finding(file: item.file, member: member, result: .answer(result), identity: identity, hasChanged: false)
        }
        let archive = FakeArchive(try contents(of: item.path))
        switch item.archive {
        case .list?:
            let first = finding(.members([], isFirst: true))
            return [first] + archive.reports.map { finding(.members([$0], isFirst: false)) }
                + [finding(.archiveEnded(archive.failure, isListing: true))]
        case .decode(let wanted)?:
            var found: [Finding] = []
            for number in wanted.sorted().prefix(most ?? .max) {
                let answer = archive.members[number].sound.answer(hashOnly: false)
                found.append(finding(answer, member: number))
                if answer.isCrash { return found }
            }
            return found + (most == nil ? [finding(.archiveEnded(nil, isListing: false))] : [])
        case .tags?, nil: return []
        }
    }

    /// Works off the archives that wait, a turn for each thing that is found.
    func workArchives() throws {
        for _ in 0..<100 {
            if let next = state.waiting.nextDeferred { state.waiting.wake(at: next) }
            let items = try nextArchives()
            if items.isEmpty, state.waiting.isEmpty { return }
            // Workers take one each.
            let found = try items.map { try findings(of: $0) }
            for place in 0..<(found.map(\.count).max() ?? 0) {
                for findings in found where place < findings.count { try turn([], [findings[place]]) }
            }
        }
        Issue.record("there is no end to it")
    }

    /// Writes an archive of some members and has it read.
    @discardableResult func addArchive(_ members: [String], to name: String) throws -> FileRecord {
        try turn([.settled(try write(members.joined(separator: "\n"), to: name))])
        try workArchives()
        return try #require(try file(name))
    }
}
