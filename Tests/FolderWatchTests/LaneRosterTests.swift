import Platform
import SystemPackage
import Testing

@testable import FolderWatch

/// No lane's thread is started here: what is told of the lanes is all that counts.
struct LaneRosterTests {
    private var roster = LaneRoster(settings: WatchSettings(cookieDirectory: "/nowhere"))
    private let shared: WatchLane
    private let alone: WatchLane

    init() throws {
        roster.plan.setFolders(["/disk", "/net"]) { $0 == "/net" }
        shared = try WatchLane(number: roster.nextNumber(), scope: .shared) {}
        alone = try WatchLane(number: roster.nextNumber(), scope: .alone("/net")) {}
        roster.add(shared)
        roster.add(alone)
        _ = roster.take([.scanBegan("/disk/kit")], from: shared)
        _ = roster.take([.scanBegan("/net")], from: alone)
        roster.send(.sync(token: 7))
    }

    private func look(at path: FilePath) -> LanePulse.Look { LanePulse.Look(path: path, began: .now) }

    @Test mutating func theFolderOfALaneThatIsStuckIsSilent() {
        let told = roster.giveUp(shared, in: look(at: "/disk/kit/x.wav")) { _ in 3 }
        #expect(told.count == 2)
        #expect(told.first == .scanEnded("/disk/kit", complete: false))
        #expect(Array(roster.plan.silent.keys) == ["/disk"])
        #expect(!roster.contains(shared))
    }

    @Test mutating func aLaneThatIsStuckInAFolderThatWasLeftIsGivenUpToo() {
        let told = roster.giveUp(shared, in: look(at: "/left/x.wav")) { _ in 3 }
        #expect(told == [.scanEnded("/disk/kit", complete: false)])
        #expect(roster.plan.silent.isEmpty)
        #expect(!roster.contains(shared))
        #expect(roster.leaveSyncs(shared) == [])
        #expect(roster.leaveSyncs(alone) == [.drained(token: 7, unsettled: [])])
    }

    @Test mutating func aLaneThatFailsEndsItsScans() {
        #expect(roster.ended(alone) == [.scanEnded("/net", complete: false)])
        #expect(roster.ended(alone) == [])
        #expect(roster.take([.drained(token: 7, unsettled: [])], from: shared) == [])
        #expect(roster.leaveSyncs(alone) == [.drained(token: 7, unsettled: [])])
    }

    @Test mutating func theSharedLaneAnswersAgainForAFolderThatItTakesOver() {
        #expect(roster.take([.drained(token: 7, unsettled: [])], from: shared) == [])
        roster.plan.share("/net")
        _ = roster.dismiss(alone)
        _ = shared.inbox.takeCommands()
        roster.updateShared(takingOverFrom: [alone])
        // Its folders, and the sync.
        #expect(shared.inbox.takeCommands().count == 2)
        #expect(roster.leaveSyncs(alone) == [])
        let told = roster.take([.drained(token: 7, unsettled: ["/net/x.wav"])], from: shared)
        #expect(told == [.drained(token: 7, unsettled: ["/net/x.wav"])])
    }
}
