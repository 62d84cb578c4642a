import FolderWatch
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct ArchiveTests {
    /// A library with an archive of three sounds, of which two are the same.
    private func library() throws -> TestLibrary {
        let test = try TestLibrary()
        try test.addArchive(["a.wav:1 2", "kit/b.wav:3", "kit/c.wav:1 2"], to: "pack.zip")
        return test
    }

    private let all = ["pack.zip/a.wav", "pack.zip/kit/b.wav", "pack.zip/kit/c.wav"]

    @Test func membersAreFilesBelowTheirArchive() throws {
        let test = try library()
        #expect(Set(test.indexed) == Set(all))
        #expect(test.state.decodedCount == 2)
        #expect(test.state.waiting.isEmpty)
        #expect(try test.file("pack.zip")?.state == .opened)
        let listed = try test.catalog.read { try $0.listingPage(under: nil, model: 1, after: nil, limit: 10) }
        #expect(listed.count == 3)
        #expect(try test.catalog.read { try $0.fileCounts() }.total == 3)
    }

    @Test func ofAChangedArchiveOnlyWhatChangedIsDecoded() throws {
        let test = try library()
        let kept = try test.file("pack.zip/kit/b.wav")?.id
        try test.addArchive(["a.wav:4 5", "kit/b.wav:3", "d.wav:6"], to: "pack.zip")
        #expect(Set(test.indexed) == ["pack.zip/a.wav", "pack.zip/kit/b.wav", "pack.zip/d.wav"])
        #expect(test.state.decodedCount == 4)
        #expect(try test.file("pack.zip/kit/b.wav")?.id == kept)
        #expect(try test.file("pack.zip/a.wav")?.identity.size == 3)
    }

    /// As after a kill: if a turn noted nothing to be handed out, nothing would make the next one.
    @Test func manyMembersThatWaitDoNotKeepTheirArchiveWaiting() throws {
        let test = try library()
        let archive = try #require(try test.file("pack.zip"))
        var noted: [WorkItem] = []
        try test.turn { turn in
            let directory = try turn.writer.directory(test.path("pack.zip"))
            for number in 0...Attempts.noteAhead {
                let file = try turn.writer.addFile(
                    Array("\(number).wav".utf8), in: directory, identity: archive.identity, at: 1)
                try turn.tell(.found, file)
                turn.state.enqueue(file.id, path: try turn.path(of: file), isUrgent: true)
            }
            turn.state.enqueue(archive.id, path: test.path("pack.zip"), isUrgent: true)
            noted = try Attempts(turn: turn).noteNext(
                WorkerDemand(isOpen: true, busyCount: 0, capacity: 1), boot: "boot")
        }
        #expect(noted.map(\.file) == [archive.id])
    }

    @Test func otherRulesForNamesAreInForceInArchivesToo() throws {
        let test = try library()
        try test.addArchive(["kit/d.wav:4", "inner.zip:!locked"], to: "kit.zip")
        func follow(_ exclude: [NamePattern]) throws {
            try test.turn {
                $0.state.folders.setFilter(NameFilter(exclude: exclude))
                try MemberNames(turn: $0).follow()
            }
        }
        try follow([])
        #expect(test.state.waiting.isEmpty)
        try follow([NamePattern("kit")])
        // At once, and when the archives have been gone through.
        #expect(test.indexed == ["pack.zip/a.wav"])
        try test.workArchives()
        #expect(test.indexed == ["pack.zip/a.wav"] && test.state.waiting.isEmpty)
        #expect(try test.file("pack.zip")?.state == .opened)
        try follow([NamePattern("kit")])
        #expect(test.state.waiting.isEmpty)
        try follow([])
        try test.workArchives()
        #expect(Set(test.indexed) == Set(all + ["kit.zip/kit/d.wav"]))
        #expect(test.state.decodedCount == 3)
    }

    /// The worker goes on with what it was asked before, and the answers come after.
    @Test("Other rules while an archive is read", arguments: [0, 1, 2, 3], [false, true])
    func otherRulesWhileAnArchiveIsRead(answersBefore: Int, isDecoding: Bool) throws {
        let test = try TestLibrary()
        func follow(_ exclude: [NamePattern]) throws {
            try test.turn {
                $0.state.folders.setFilter(NameFilter(exclude: exclude))
                try MemberNames(turn: $0).follow()
            }
        }
        try follow([])
        let members = ["a.wav:1 2", "kit/b.wav:3", "kit/c.wav:4"]
        try test.turn([.settled(try test.write(members.joined(separator: "\n"), to: "pack.zip"))])
        if isDecoding { try test.turn([], try test.findings(of: try test.nextArchive())) }
        let answers = try test.findings(of: try test.nextArchive())
        for answer in answers.prefix(answersBefore) { try test.turn([], [answer]) }
        try follow([NamePattern("b.wav")])
        for answer in answers.dropFirst(answersBefore) { try test.turn([], [answer]) }
        try test.workArchives()
        #expect(Set(test.indexed) == ["pack.zip/a.wav", "pack.zip/kit/c.wav"])
        #expect(try test.file("pack.zip/kit/b.wav") == nil)
        #expect(try test.file("pack.zip")?.state == .opened && test.state.waiting.isEmpty)
    }

    @Test func otherRulesDoNotHaveAWorkerDieAgain() throws {
        let test = try TestLibrary()
        try test.turn { try MemberNames(turn: $0).follow() }
        try test.turn([.settled(try test.write("a.wav:1", to: "pack.zip"))])
        for _ in 0..<2 {
            let item = try test.nextArchive()
            let identity = try #require(FileIdentity(of: item.path))
            try test.turn(
                [],
                [Finding(file: item.file, result: .answer(.crashed("it died")), identity: identity, hasChanged: false)])
        }
        #expect(try test.file("pack.zip")?.failure?.reason == .crashed)
        try test.turn {
            $0.state.folders.setFilter(NameFilter(exclude: [NamePattern("b")]))
            try MemberNames(turn: $0).follow()
        }
        #expect(test.state.waiting.isEmpty)
    }

    @Test func anEarlierVersionDidNotFollowTheRules() throws {
        let test = try library()
        try test.turn {
            $0.state.folders.setFilter(NameFilter(exclude: [NamePattern("kit")]))
            try MemberNames(turn: $0).follow()
        }
        #expect(test.indexed == ["pack.zip/a.wav"] && test.state.waiting.isEmpty)
    }

    @Test func aRenamedArchiveIsNotDecodedAgain() throws {
        let test = try library()
        let ids = test.index.ids
        try test.move("pack.zip", to: "other.zip")
        try test.turn([.moved(from: test.path("pack.zip"), to: test.path("other.zip"), isDirectory: false)])
        #expect(Set(test.indexed) == ["other.zip/a.wav", "other.zip/kit/b.wav", "other.zip/kit/c.wav"])
        try test.turn([.settled(test.path("other.zip"))])
        try test.workArchives()
        #expect(test.index.ids == ids && test.state.decodedCount == 2)
    }

    @Test func anArchiveThatIsMovedOntoAnotherReplacesItsMembers() throws {
        let test = try library()
        try test.addArchive(["a.wav:7", "z.wav:8"], to: "other.zip")
        try test.move("pack.zip", to: "other.zip")
        try test.turn([.moved(from: test.path("pack.zip"), to: test.path("other.zip"), isDirectory: false)])
        #expect(Set(test.indexed) == ["other.zip/a.wav", "other.zip/kit/b.wav", "other.zip/kit/c.wav"])
    }

    @Test func aRemovedArchiveTakesItsMembersAlong() throws {
        let test = try library()
        try test.add("9", to: "loose.wav")
        try test.remove("pack.zip")
        try test.turn([.gone(test.path("pack.zip"), isDirectory: false)])
        #expect(test.indexed == ["loose.wav"])
        // What was learnt is kept.
        try test.addArchive(["x.wav:1 2", "y.wav:3"], to: "again.zip")
        #expect(test.state.decodedCount == 3)
    }

    @Test func aScanLeavesMembersAloneUnlessTheirArchiveIsGone() throws {
        let test = try library()
        for _ in 0..<2 { try test.turn(try test.scan()) }
        try test.workArchives()
        #expect(Set(test.indexed) == Set(all))
        try test.remove("pack.zip")
        try test.turn(try test.scan())
        #expect(test.indexed == [])
        #expect(try test.file("pack.zip") == nil)
    }

    @Test func theMembersOfAnArchiveInAFolderThatIsGoneGoWithIt() throws {
        let test = try TestLibrary()
        try test.makeFolder("deep")
        try test.addArchive(["a.wav:1"], to: "deep/pack.zip")
        try test.remove("deep/pack.zip")
        Disk.remove(test.path("deep"))
        try test.turn([.scanBegan(test.root), .scanEnded(test.root, complete: true)])
        #expect(test.indexed == [])
        #expect(try test.catalog.read { try $0.allDirectories() }.isEmpty)
    }

    @Test func membersAreAwayWithTheirFolderAndBackWithIt() throws {
        let test = try library()
        try test.turn([test.offline])
        #expect(test.index.ids.allSatisfy { test.index.file($0)?.isOffline == true })
        let counts = try test.catalog.read { try $0.fileCounts() }
        #expect(counts.offline == 3 && counts.total == 3)
        try test.online()
        try test.turn(try test.scan())
        try test.workArchives()
        #expect(test.index.ids.allSatisfy { test.index.file($0)?.isOffline == false })
        #expect(test.index.ids.count == 3 && test.state.decodedCount == 2)
    }

    @Test func whatWasLearntBeforeAnEndIsNotDecodedAgain() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("a.wav:1\nb.wav:2\nc.wav:3", to: "pack.zip"))])
        let listing = try test.nextArchive()
        for finding in try test.findings(of: listing) { try test.turn([], [finding]) }
        let decoding = try test.nextArchive()
        for finding in try test.findings(of: decoding, most: 1) { try test.turn([], [finding]) }
        #expect(test.indexed == ["pack.zip/a.wav"])
        // The daemon is killed.
        let decoded = test.state.decodedCount
        test.state = IngestState()
        try test.online()
        try test.turn { try IngestStart(folders: [test.root], haveAllAnswered: true).open($0, boot: "boot") }
        try test.turn(try test.scan())
        try test.workArchives()
        #expect(Set(test.indexed) == ["pack.zip/a.wav", "pack.zip/b.wav", "pack.zip/c.wav"])
        #expect(decoded == 1 && test.state.decodedCount == 2)
    }

    @Test func membersThatWaitAreCounted() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("a.wav:1\nb.wav:2\nc.wav:1", to: "pack.zip"))])
        var status = IngestStatus()
        var counts: [[Int]] = []
        for _ in 0..<2 {
            for finding in try test.findings(of: try test.nextArchive()) {
                try test.turn([], [finding])
                test.state.show(&status)
                if counts.last != [status.doneCount, status.queueCount] {
                    counts.append([status.doneCount, status.queueCount])
                }
            }
        }
        // The archive itself, then its members one after the other; two of them are the same.
        #expect(counts == [[0, 1], [0, 2], [0, 3], [0, 4], [2, 2], [3, 1], [0, 0]])
    }

    @Test func ofTwoCopiesThatComeTogetherOneIsDecoded() throws {
        let test = try TestLibrary()
        for name in ["one.zip", "two.zip"] {
            try test.turn([.settled(try test.write("a.wav:1\nb.wav:2", to: name))])
        }
        try test.workArchives()
        #expect(test.indexed.count == 4 && test.state.decodedCount == 2)
    }

    @Test func aSoundThatIsKnownAsAFileIsNotDecoded() throws {
        let test = try TestLibrary()
        try test.add("1 2", to: "loose.wav")
        try test.addArchive(["a.wav:1 2"], to: "pack.zip")
        #expect(test.state.decodedCount == 1 && test.indexed.count == 2)
    }

    @Test func aMemberThatKillsWorkersIsFoundOutAndTheOthersAreHeard() throws {
        let test = try TestLibrary()
        try test.addArchive(["a.wav:1", "b.wav:!crash", "c.wav:3"], to: "pack.zip")
        #expect(Set(test.indexed) == ["pack.zip/a.wav", "pack.zip/c.wav"])
        #expect(try test.file("pack.zip/b.wav")?.failure?.reason == .crashed)
        #expect(try test.file("pack.zip")?.state == .opened)
    }

    @Test func membersThatGiveNothingAreListedWithTheReason() throws {
        let test = try TestLibrary()
        try test.addArchive(["a.wav:1", "b.wav:!locked", "c.wav:!damaged", "d.wav:!long"], to: "pack.zip")
        #expect(test.indexed == ["pack.zip/a.wav"])
        #expect(try test.file("pack.zip/b.wav")?.failure?.detail == "it takes a password")
        #expect(try test.file("pack.zip/c.wav")?.state == .failed)
        #expect(try test.file("pack.zip/d.wav")?.state == .skipped)
        // Read again, they are what they were.
        let before = try test.file("pack.zip/c.wav")
        try test.turn {
            _ = try Attempts(turn: $0).retry([try #require(try $0.reader.file(at: test.path("pack.zip")))])
        }
        try test.workArchives()
        #expect(try test.file("pack.zip/c.wav")?.id == before?.id)
    }

    @Test func ofADamagedArchiveIsHeardWhatCanBe() throws {
        let test = try TestLibrary()
        let archive = try test.addArchive(["a.wav:1", "!damaged"], to: "pack.zip")
        #expect(archive.state == .failed && archive.failure?.detail == "the archive is damaged")
        #expect(test.indexed == ["pack.zip/a.wav"])
        try test.addArchive(["a.wav:1", "b.wav:2"], to: "pack.zip")
        #expect(try test.file("pack.zip")?.state == .opened)
        #expect(test.indexed == ["pack.zip/a.wav", "pack.zip/b.wav"])
    }

    @Test func aNameThatComesTwiceIsTheFirstOne() throws {
        let test = try TestLibrary()
        let archive = try test.addArchive(["a.wav:1", "a.wav:2"], to: "pack.zip")
        #expect(archive.failure?.detail == "it has two members of the name a.wav: the first one counts")
        #expect(try test.file("pack.zip/a.wav")?.identity.size == 1 && test.state.decodedCount == 1)
    }

    @Test func namesThatAreLeftOutAreLeftOutInside() throws {
        let test = try TestLibrary()
        try test.addArchive(["__MACOSX/a.wav:1", "._b.wav:2", "c.wav.part:3", "d.wav:4", ".x/e.wav:5"], to: "pack.zip")
        #expect(test.indexed == ["pack.zip/d.wav"])
        #expect(test.state.decodedCount == 1)
    }

    @Test func aFolderMayTakeTheArchivesPlaceAndGiveItBack() throws {
        let test = try library()
        try test.remove("pack.zip")
        try test.makeFolder("pack.zip")
        try test.write("8", to: "pack.zip/own.wav")
        try test.turn([.gone(test.path("pack.zip"), isDirectory: false)] + (try test.scan(["pack.zip"])))
        try test.work()
        #expect(test.indexed == ["pack.zip/own.wav"])
        try test.turn(try test.scan(["pack.zip"]))
        #expect(test.indexed == ["pack.zip/own.wav"])
        Disk.remove(test.path("pack.zip"))
        try test.turn([.gone(test.path("pack.zip"), isDirectory: true)])
        try test.addArchive(["a.wav:1 2"], to: "pack.zip")
        #expect(test.indexed == ["pack.zip/a.wav"] && test.state.decodedCount == 3)
    }

    @Test func aMemberIsTriedAgainWithItsArchive() throws {
        let test = try TestLibrary()
        try test.addArchive(["a.wav:1", "b.wav:!damaged"], to: "pack.zip")
        let file = try #require(try test.file("pack.zip/b.wav"))
        try test.turn { _ = try Attempts(turn: $0).retry([file]) }
        #expect(try test.file("pack.zip/b.wav")?.state == .pending)
        try test.workArchives()
        #expect(try test.file("pack.zip/b.wav")?.state == .failed)
        #expect(try test.file("pack.zip")?.state == .opened && test.state.waiting.isEmpty)
    }

    @Test func anArchiveThatCannotBeOpenedHasNoMembers() throws {
        let test = try library()
        let id = try #require(try test.file("pack.zip")?.id)
        try test.turn { _ = try Attempts(turn: $0).retry([try #require(try $0.reader.file(id))]) }
        let item = try test.nextArchive()
        let identity = try #require(FileIdentity(of: item.path))
        try test.turn(
            [], [Finding(file: id, result: .unopened("permission denied"), identity: identity, hasChanged: false)])
        #expect(test.indexed == [])
        #expect(try test.file("pack.zip")?.failure?.detail == "permission denied")
    }

    @Test func aSyncWaitsForTheMembers() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        try test.turn([.settled(try test.write("a.wav:1", to: "pack.zip"))])
        try test.sync()
        let listing = try test.nextArchive()
        for finding in try test.findings(of: listing) { try test.turn([], [finding]) }
        #expect(!test.isSynced)
        try test.workArchives()
        #expect(test.isSynced && test.indexed == ["pack.zip/a.wav"])
    }
}
