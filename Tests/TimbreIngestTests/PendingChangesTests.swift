import FolderWatch
import SystemPackage
import Testing

@testable import TimbreIngest

struct PendingChangesTests {
    private func file(_ number: Int) -> FilePath { FilePath("/s/\(number).wav") }

    private func changes(_ pending: PendingChanges) -> [FolderChange] { (0..<pending.count).map { pending[$0] } }

    @Test func whatCannotBeStoredIsKeptUpToALimitAndThenLookedAtAgain() {
        var pending = PendingChanges()
        pending.add((0..<PendingChanges.most).map { .settled(file($0)) }, isStored: false)
        #expect(pending.count == PendingChanges.most && !pending.hasLostTrack)
        pending.add([.scanBegan("/s"), .settled("/s/a.wav"), .drained(token: 1, unsettled: [])], isStored: false)
        #expect(pending.hasLostTrack)
        pending.add([.settled("/s/b.wav"), .scanEnded("/s", complete: true)], isStored: false)
        #expect(
            changes(pending) == [
                .scanBegan("/s"), .drained(token: 1, unsettled: []), .scanEnded("/s", complete: false), .overflowed,
            ])
        let losses = [pending.takeLoss(), pending.takeLoss()]
        #expect(losses == [true, false])
    }

    @Test func whileAllIsStoredNothingIsLetGo() {
        var pending = PendingChanges()
        pending.add((0...PendingChanges.most).map { .settled(file($0)) }, isStored: true)
        #expect(pending.count == PendingChanges.most + 1 && !pending.hasLostTrack)
        pending.removeFirst(PendingChanges.most)
        #expect(changes(pending) == [.settled(file(PendingChanges.most))])
    }

    @Test func aListingCountsWithAllItsNames() {
        var pending = PendingChanges()
        let entry = FileEntry(
            name: "a.wav", size: 1, modified: 1, changed: 1, inode: 1, device: 1, isSettled: true)
        pending.add(
            [
                .gone("/s/b.wav", isDirectory: false),
                .listed(
                    DirectoryListing(
                        directory: "/s", root: "/s", device: 1, inode: 1, modified: 0, files: [entry, entry],
                        subdirectories: ["kit"])),
            ], isStored: true)
        #expect(pending.nameCount == 5)
    }

    @Test func aScanOfWhichAPartWasLostForgetsNothing() throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        try test.add("1 2", to: "kit/a.wav")
        try test.turn([.scanBegan(test.root), .overflowed, .scanEnded(test.root, complete: true)])
        #expect(test.indexed == ["kit/a.wav"])
        try test.turn([.scanBegan(test.root), .scanEnded(test.root, complete: true)])
        #expect(test.indexed == [])
    }
}
