import FolderWatch
import SystemPackage
import Testing

struct JoinedSyncsTests {
    var syncs = JoinedSyncs()

    @Test mutating func aSyncIsAnsweredOnceEveryLaneHasAnswered() {
        syncs.ask(7, of: [0, 1])
        #expect(syncs.answered(7, by: 0, unsettled: ["/a/x.wav"]) == [])
        #expect(syncs.answered(7, by: 0, unsettled: []) == [])
        #expect(syncs.answered(8, by: 1, unsettled: []) == [])
        #expect(
            syncs.answered(7, by: 1, unsettled: ["/b/y.wav"])
                == [.drained(token: 7, unsettled: ["/a/x.wav", "/b/y.wav"])])
        #expect(syncs.answered(7, by: 1, unsettled: []) == [])
    }

    @Test mutating func aLaneThatIsLeftIsNotWaitedFor() {
        syncs.ask(1, of: [0, 1])
        syncs.ask(2, of: [1])
        syncs.ask(3, of: [0])
        #expect(syncs.leave(1) == [.drained(token: 2, unsettled: [])])
        #expect(syncs.answered(1, by: 1, unsettled: []) == [])
        #expect(syncs.answered(1, by: 0, unsettled: []) == [.drained(token: 1, unsettled: [])])
    }

    @Test mutating func aLaneThatJoinsIsWaitedFor() {
        syncs.ask(1, of: [0])
        #expect(syncs.tokens == [1])
        syncs.join(5)
        #expect(syncs.answered(1, by: 0, unsettled: []) == [])
        #expect(syncs.leave(5) == [.drained(token: 1, unsettled: [])])
        #expect(syncs.tokens == [])
    }

    @Test mutating func aLaneThatIsAskedAgainIsWaitedForAgain() {
        syncs.ask(1, of: [0, 4])
        syncs.join(0)
        #expect(syncs.leave(4) == [])
        #expect(syncs.answered(1, by: 0, unsettled: ["/a/x.wav"]) == [])
        #expect(
            syncs.answered(1, by: 0, unsettled: ["/a/x.wav"]) == [.drained(token: 1, unsettled: ["/a/x.wav"])])
    }

    @Test mutating func aSyncOfNoLaneIsAnsweredByTheNextThatHappens() {
        syncs.ask(1, of: [])
        #expect(syncs.leave(0) == [.drained(token: 1, unsettled: [])])
    }
}
