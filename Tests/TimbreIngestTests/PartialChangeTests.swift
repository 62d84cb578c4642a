import FolderWatch
import LibraryFeed
import SoundFeatures
import SystemPackage
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct PartialChangeTests {
    /// A library of four files in each of three directories, one below the other, and one beside them.
    private func library() throws -> TestLibrary {
        let test = try TestLibrary()
        for folder in ["kit", "kit/deep", "kit/deep/er", "other"] {
            try test.makeFolder(folder)
            for number in 0..<(folder == "other" ? 1 : 4) {
                try test.write("\(number) 3", to: "\(folder)/\(number).wav")
            }
        }
        try test.turn(try test.scan(["kit", "kit/deep", "kit/deep/er", "other"]))
        try test.work()
        return test
    }

    /// Takes a change in, a few files a turn, as often as it takes.
    ///
    /// - Returns: The number of turns.
    private func take(_ change: FolderChange, _ test: TestLibrary, room: Int = 3) throws -> Int {
        var (isDone, turns) = (false, 0)
        while !isDone && turns < 100 {
            let turn = try test.turn { turn in
                turn.room = room
                isDone = try turn.watcherSaw(change)
            }
            #expect(turn.edits.count <= room)
            turns += 1
        }
        #expect(isDone && test.state.partial.last == nil && test.state.partial.listing == nil)
        return turns
    }

    private func offlineCount(_ test: TestLibrary) throws -> Int {
        try test.catalog.read { try $0.fileCounts() }.offline
    }

    @Test func aLargeFolderGoesOfflineInSeveralTurnsAndIsToldOfOnce() throws {
        let test = try library()
        var notes = 0
        var isDone = false
        for turns in 0..<20 where !isDone {
            let turn = try test.turn { turn in
                turn.room = 3
                isDone = try turn.watcherSaw(test.offline)
            }
            notes += turn.notes.count
            #expect(turns < 19)
        }
        #expect(notes == 1)
        #expect(try offlineCount(test) == 13)
        #expect(test.index.ids.allSatisfy { test.index.file($0)?.isOffline == true })
    }

    @Test func aLargeTreeIsDeletedInSeveralTurns() throws {
        let test = try library()
        #expect(try take(.gone(test.path("kit"), isDirectory: true), test) > 4)
        #expect(test.indexed == ["other/0.wav"])
        #expect(test.state.isIdle)
    }

    @Test func aLargeTreeThatCannotBeReadIsAway() throws {
        let test = try library()
        #expect(try take(.unreadable(test.path("kit"), reason: "permission denied"), test) > 4)
        #expect(try offlineCount(test) == 12)
    }

    @Test func aTreeTakesThePlaceOfALargeOne() throws {
        let test = try library()
        #expect(
            try take(.moved(from: test.path("other"), to: test.path("kit"), isDirectory: true), test) > 4)
        #expect(test.indexed == ["kit/0.wav"])
    }

    @Test func whatAScanHasNotComeByVanishesInSeveralTurns() throws {
        let test = try library()
        try test.turn([.scanBegan(test.root), try test.listed("other")])
        #expect(try take(.scanEnded(test.root, complete: true), test) > 4)
        #expect(test.indexed == ["other/0.wav"])
        #expect(test.state.folders.scans.isEmpty && test.state.isIdle)
    }

    @Test func aLargeListingIsTakenInInSeveralTurns() throws {
        let test = try library()
        for number in 0..<3 { try test.remove("kit/\(number).wav") }
        for number in 4..<9 { try test.write("\(number) 3", to: "kit/\(number).wav") }
        try test.move("kit/deep", to: "../elsewhere")
        #expect(try take(try test.listed("kit"), test) > 4)
        #expect(test.state.waiting.count == 5)
        try test.work()
        #expect(test.indexed == ["kit/3.wav", "other/0.wav"] + (4..<9).map { "kit/\($0).wav" })
    }

    @Test func whatIsBrokenOffIsFoundAgain() throws {
        let test = try library()
        let change = FolderChange.gone(test.path("kit"), isDirectory: true)
        try test.turn { turn in
            turn.room = 4
            let isDone = try turn.watcherSaw(change)
            #expect(!isDone)
        }
        #expect(test.indexed.count > 1)
        // The daemon dies, and a new one lists the folder.
        test.state = IngestState()
        try test.online()
        try test.move("kit", to: "../elsewhere")
        try test.turn(try test.scan(["other"]))
        #expect(test.indexed == ["other/0.wav"])
    }

    @Test func aFileThatGetsAnotherNumberInTheMiddleOfAListingIsStillFound() throws {
        let test = try library()
        for number in 0..<4 { try test.write("\(number) 4 5", to: "kit/\(number).wav") }
        let listing = FolderChange.listed(
            try #require(
                try test.scan(["kit"]).lazy.compactMap { change in
                    if case .listed(let listing) = change, listing.directory == test.path("kit") {
                        listing
                    } else {
                        nil
                    }
                }.first))
        var isDone = false
        try test.turn { turn in
            turn.room = 1
            isDone = try turn.watcherSaw(listing)
        }
        #expect(!isDone)
        let last = try #require(try test.file("kit/3.wav"))
        try test.turn { turn in
            var renewed = try turn.writer.renew(last, at: test.time)
            (renewed.state, renewed.content) = (.pending, nil)
            try turn.writer.update(renewed)
            var told = FileHappening(.changed, renewed, at: test.path("kit/3.wav"))
            told.earlierID = last.id
            turn.tell(.file(told))
            turn.edit(.remove(last.id))
        }
        #expect(try take(listing, test) > 0)
        let waiting = try (0..<4).map { try #require(try test.file("kit/\($0).wav")).id }
        #expect(waiting.allSatisfy { test.state.waiting.entries[$0] != nil })
    }

    @Test func aFolderThatIsWatchedNoMoreIsForgottenInSeveralTurns() throws {
        let test = try library()
        try test.turn { turn in
            turn.room = 3
            try turn.keepOnly([test.path("other")])
        }
        #expect(test.state.forgetting != nil && test.indexed.count == 10)
        // The folder is no more, whatever comes of its files: a start goes on with them.
        test.state = IngestState()
        try test.turn { turn in
            turn.room = 3
            try turn.keepOnly([test.path("other")])
        }
        for _ in 0..<20 where test.state.forgetting != nil {
            try test.turn { turn in
                turn.room = 3
                try turn.forgetSome()
            }
        }
        #expect(test.state.forgetting == nil && test.indexed == ["other/0.wav"])
        #expect(try test.catalog.read { try $0.allDirectories() }.count == 1)
    }
}
