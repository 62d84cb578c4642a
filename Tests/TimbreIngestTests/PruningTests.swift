import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import Testing
import TimbreStore

@testable import TimbreIngest

struct PruningTests {
    /// Prunes one file or content a turn.
    private func prune(_ test: TestLibrary, offline folder: FilePath?) throws {
        var pruning = Pruning(offline: folder)
        var (isDone, turns) = (false, 0)
        while !isDone && turns < 100 {
            try test.turn { turn in
                turn.room = 1
                isDone = try pruning.forgetSome(in: turn)
            }
            turns += 1
        }
        #expect(isDone && turns > 2)
    }

    @Test func whatNoFileHoldsIsPruned() throws {
        let test = try TestLibrary()
        for name in ["kept.wav", "copied.wav", "copy.wav", "gone.wav"] {
            try test.add(name.hasPrefix("cop") ? "1 2" : name == "gone.wav" ? "3" : "4", to: name)
        }
        try test.add("!damaged", to: "bad.wav")
        for name in ["copied.wav", "gone.wav", "bad.wav"] {
            try test.remove(name)
            try test.turn([.gone(test.path(name), isDirectory: false)])
        }
        #expect(try test.catalog.read { try $0.contentCount() } == 4)
        try prune(test, offline: nil)
        #expect(try test.catalog.read { try $0.orphans() }.isEmpty)
        #expect(try test.catalog.read { try $0.contentCount() } == 2)
        #expect(test.indexed == ["kept.wav", "copy.wav"])
    }

    @Test func aFolderThatIsAwayIsPrunedWithWhatItAloneHolds() throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        for (name, sound) in [("kit/a.wav", "1"), ("kit/b.wav", "2 2"), ("c.wav", "2 2")] {
            try test.add(sound, to: name)
        }
        try test.turn([.unreadable(test.path("kit"), reason: "permission denied")])
        try prune(test, offline: test.root)
        #expect(test.indexed == ["c.wav"])
        #expect(try test.catalog.read { try $0.contentCount() } == 1)
        #expect(try test.catalog.read { try $0.orphans() }.isEmpty)
    }
}
