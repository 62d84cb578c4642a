import FolderWatch
import SystemPackage
import Testing

struct SettlerTests {
    let start = ContinuousClock.now
    /// The wall clock at `start`, in nanoseconds since 1970.
    let wall: Int64 = 1_700_000_000_000_000_000
    var settler = Settler(settle: .seconds(2))

    @Test mutating func aFileThatIsStillTouchedWaits() {
        let isNew = settler.touch("bell.wav", .gone, at: start)
        #expect(isNew)
        let isNewAgain = settler.touch("bell.wav", nil, at: start + .seconds(1))
        #expect(!isNewAgain)
        let due = settler.takeDue(at: start + .seconds(2))
        #expect(due == [])
        let dueAgain = settler.takeDue(at: start + .seconds(3))
        #expect(dueAgain == ["bell.wav"])
        let isSettled = look(size: 1, age: .seconds(3), at: .seconds(3))
        #expect(isSettled)
        #expect(settler.isEmpty)
        #expect(settler.deadline == nil)
    }

    @Test mutating func aFileThatSomebodyHasOpenWaitsForItsClosing() {
        _ = settler.touch("bell.wav", .present, at: start)
        _ = settler.touch("bell.wav", nil, at: start + .seconds(1))
        let due = settler.takeDue(at: start + .seconds(20))
        #expect(due == [])
        _ = settler.touch("bell.wav", .gone, at: start + .seconds(20))
        let dueAgain = settler.takeDue(at: start + .seconds(22))
        #expect(dueAgain == ["bell.wav"])
    }

    @Test mutating func afterHalfAMinuteNobodyClosesTheFileAnyMore() {
        _ = settler.touch("bell.wav", .present, at: start)
        let due = settler.takeDue(at: start + .seconds(30))
        #expect(due == ["bell.wav"])
        // It was written to 5 s ago, and again until the next look.
        let isSettled = look(size: 1, age: .seconds(5), at: .seconds(30))
        #expect(!isSettled)
        let dueAgain = settler.takeDue(at: start + .seconds(60))
        #expect(dueAgain == ["bell.wav"])
        let isSettledAgain = look(size: 2, age: .seconds(1), at: .seconds(60))
        #expect(!isSettledAgain)
        let dueThen = settler.takeDue(at: start + .seconds(90))
        #expect(dueThen == ["bell.wav"])
        let isSettledThen = look(size: 2, age: .seconds(31), at: .seconds(90))
        #expect(isSettledThen)
    }

    @Test mutating func aClosingThatMayHaveBeenMissedIsNotWaitedFor() {
        _ = settler.touch("bell.wav", .present, at: start)
        #expect(settler.unsettled == [])
        settler.doubtAll(at: start + .seconds(1))
        #expect(settler.unsettled == ["bell.wav"])
        let due = settler.takeDue(at: start + .seconds(3))
        #expect(due == ["bell.wav"])
        // Whoever is still writing keeps it back all the same.
        let isSettled = look(size: 1, age: .seconds(1), at: .seconds(3))
        #expect(!isSettled)
        let isSettledThen = look(size: 1, age: .seconds(3), at: .seconds(5))
        #expect(isSettledThen)
    }

    @Test mutating func whoIsSeenToGoOnWritingIsWaitedForAgain() {
        _ = settler.touch("bell.wav", .present, at: start)
        settler.doubt("bell.wav", at: start)
        let isSettled = look(size: 1, age: .zero, at: .seconds(2))
        #expect(!isSettled && settler.isDoubted("bell.wav") && settler.unsettled == ["bell.wav"])
        let isSettledThen = look(size: 2, age: .zero, at: .seconds(4))
        // Nobody can say when it will be complete: no sync waits for that.
        #expect(!isSettledThen && !settler.isDoubted("bell.wav") && settler.unsettled == [])
    }

    @Test mutating func whetherAFileIsStillOpenIsAskedLessAndLessOften() {
        _ = settler.touch("bell.wav", .present, at: start)
        _ = settler.touch("horn.wav", .gone, at: start)
        var asked: [Int] = []
        for second in 0...29 {
            let files = settler.takeQuestions(at: start + .seconds(second))
            if !files.isEmpty { asked.append(second) }
            #expect(files.allSatisfy { $0 == "bell.wav" })
            #expect(settler.deadline.map { $0 > start + .seconds(second) || second >= 2 } == true)
            _ = settler.takeDue(at: start + .seconds(second))
        }
        #expect(asked == [2, 6, 14])
        #expect(settler.open == ["bell.wav"])
    }

    @Test mutating func aFileThatWasClosedUnderNoNameIsLookedAtAtOnce() {
        _ = settler.touch("bell.wav", .present, at: start)
        let deadline = settler.deadline
        #expect(deadline == start + .seconds(2))
        let asked = settler.takeQuestions(at: start + .seconds(2))
        #expect(asked == ["bell.wav"])
        settler.noteClosed("bell.wav", at: start + .seconds(2))
        #expect(settler.open == [] && settler.unsettled == ["bell.wav"])
        let due = settler.takeDue(at: start + .seconds(2))
        #expect(due == ["bell.wav"])
        // It was written a second ago: it is left alone for a while, like any that was closed.
        let isSettled = look(size: 1, age: .seconds(1), at: .seconds(2))
        #expect(!isSettled && settler.deadline == start + .seconds(4))
        let isSettledThen = look(size: 1, age: .seconds(3), at: .seconds(4))
        #expect(isSettledThen)
    }

    @Test mutating func onlyAFileThatWasOpenCanBeFoundClosed() {
        _ = settler.touch("bell.wav", .unseen, at: start)
        settler.noteClosed("bell.wav", at: start)
        settler.noteClosed("horn.wav", at: start)
        let due = settler.takeDue(at: start + .seconds(1))
        #expect(due == [] && !settler.holds("horn.wav"))
    }

    @Test mutating func aFileWrittenToWithoutEventsWaits() {
        _ = settler.touch("bell.wav", .gone, at: start)
        let due = settler.takeDue(at: start + .seconds(2))
        #expect(due == ["bell.wav"])
        let isSettled = look(size: 1, age: .seconds(1), at: .seconds(2))
        #expect(!isSettled)
        let dueAgain = settler.takeDue(at: start + .seconds(3))
        #expect(dueAgain == [])
        #expect(settler.deadline == start + .seconds(4))
    }

    @Test mutating func aFileFromTheFutureSettlesWhenItIsFoundUnchanged() {
        #expect(!settler.isQuiet(modified: wall + 1, wallClock: wall, writer: .gone))
        _ = settler.touch("bell.wav", .gone, at: start)
        _ = settler.takeDue(at: start + .seconds(2))
        let isSettled = settler.look("bell.wav", size: 1, modified: .max, wallClock: wall, at: start + .seconds(2))
        #expect(!isSettled)
        _ = settler.takeDue(at: start + .seconds(4))
        let isSettledAgain = settler.look("bell.wav", size: 1, modified: .max, wallClock: wall, at: start + .seconds(4))
        #expect(isSettledAgain)
    }

    @Test mutating func aFileIsHeldUnderItsNewName() {
        _ = settler.touch("/a/bell.wav", .gone, at: start)
        _ = settler.touch("/ab/bell.wav", .gone, at: start)
        settler.moveDirectory(from: "/a", to: "/z/y")
        #expect(settler.unsettled == ["/ab/bell.wav", "/z/y/bell.wav"])
        settler.moveFile(from: "/ab/bell.wav", to: "/gong.wav", inode: nil)
        settler.forgetDirectory("/z")
        #expect(settler.unsettled == ["/gong.wav"])
        settler.forgetFile("/gong.wav")
        let due = settler.takeDue(at: start + .seconds(60))
        #expect(due == [])
    }

    @Test mutating func aWriterStaysWithItsFileWhenNamesAreExchanged() {
        _ = settler.touch("take.wav", .present, inode: 1, at: start)
        // The file that is written has the other's name now, and the other has its.
        settler.moveFile(from: "take.wav", to: "bell.wav", inode: 1)
        _ = settler.touch("bell.wav", nil, inode: 1, at: start)
        _ = settler.touch("take.wav", nil, inode: 2, at: start)
        settler.moveFile(from: "bell.wav", to: "take.wav", inode: 2)
        _ = settler.touch("take.wav", nil, inode: 2, at: start)
        _ = settler.touch("bell.wav", nil, inode: 1, at: start)
        #expect(settler.unsettled == ["take.wav"])
        let due = settler.takeDue(at: start + .seconds(2))
        #expect(due == ["take.wav"])
    }

    @Test mutating func aWriterStaysWithItsFileWhenTheOtherIsToldFirst() {
        _ = settler.touch("take.wav", .present, inode: 1, at: start)
        settler.moveFile(from: "bell.wav", to: "take.wav", inode: 2)
        _ = settler.touch("take.wav", nil, inode: 2, at: start)
        _ = settler.touch("bell.wav", nil, inode: 1, at: start)
        settler.moveFile(from: "take.wav", to: "bell.wav", inode: 1)
        _ = settler.touch("bell.wav", nil, inode: 1, at: start)
        _ = settler.touch("take.wav", nil, inode: 2, at: start)
        #expect(settler.unsettled == ["take.wav"])
    }

    @Test mutating func anotherFileUnderANameHasNotItsWriter() {
        _ = settler.touch("bell.wav", .present, inode: 1, at: start)
        _ = settler.touch("bell.wav", nil, inode: 2, at: start)
        #expect(settler.unsettled == ["bell.wav"])
    }

    @Test func anOldFileNeedNotWait() {
        #expect(settler.isQuiet(modified: wall - 2_000_000_000, wallClock: wall, writer: .gone))
        #expect(!settler.isQuiet(modified: wall - 1_999_999_999, wallClock: wall, writer: .gone))
        #expect(settler.isQuiet(modified: .min, wallClock: wall, writer: .gone))
    }

    private mutating func look(size: Int64, age: Duration, at time: Duration) -> Bool {
        let now = wall + Int64(time / .nanoseconds(1))
        return settler.look(
            "bell.wav", size: size, modified: now - Int64(age / .nanoseconds(1)), wallClock: now, at: start + time)
    }
}
