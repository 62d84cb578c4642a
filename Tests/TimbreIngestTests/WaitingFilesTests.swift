import Testing

@testable import TimbreIngest

struct WaitingFilesTests {
    private let start = ContinuousClock.now

    private func noteAll(_ files: inout WaitingFiles) -> [Int64] {
        var noted: [Int64] = []
        while let file = files.noteNext() { noted.append(file) }
        return noted
    }

    private func handOutAll(_ files: inout WaitingFiles) -> [Int64] {
        var handed: [Int64] = []
        while let file = files.handOutNext() { handed.append(file) }
        return handed
    }

    @Test func whatWasJustDroppedGoesBeforeWhatAScanFound() {
        var files = WaitingFiles()
        for file in [1, 2, 3] as [Int64] { files.add(file, isUrgent: false) }
        files.add(9, isUrgent: true)
        files.add(2, isUrgent: true)
        files.add(8, isUrgent: true)
        #expect(noteAll(&files) == [9, 2, 8, 1, 3])
        #expect(handOutAll(&files) == [9, 2, 8, 1, 3])
    }

    @Test func aFileGoesOutOnceHoweverOftenItIsAdded() {
        var files = WaitingFiles()
        for _ in 0..<3 { files.add(1, isUrgent: false) }
        for _ in 0..<3 { files.add(1, isUrgent: true) }
        #expect(noteAll(&files) == [1])
        files.add(1, isUrgent: true)
        #expect(noteAll(&files).isEmpty)
        #expect(handOutAll(&files) == [1])
        files.add(1, isUrgent: true)
        #expect(noteAll(&files).isEmpty && handOutAll(&files).isEmpty)
        #expect(files.count == 1)
        files.finish(1)
        #expect(files.isEmpty)
    }

    @Test func nothingIsHandedOutBeforeItsAttemptIsNoted() {
        var files = WaitingFiles()
        files.add(1, isUrgent: true)
        #expect(files.handOutNext() == nil)
        #expect(files.hasWaiting && !files.hasNoted)
        #expect(files.noteNext() == 1)
        #expect(!files.hasWaiting && files.hasNoted && files.notedCount == 1)
    }

    @Test func aFileThatIsTakenBackIsTheNextToGoOut() {
        var files = WaitingFiles()
        for file in 1...3 as ClosedRange<Int64> { files.add(file, isUrgent: false) }
        _ = noteAll(&files)
        #expect(files.handOutNext() == 1)
        files.takeBack(1)
        #expect(handOutAll(&files) == [1, 2, 3])
    }

    @Test func aFileThatIsPostponedWaitsForItsTime() {
        var files = WaitingFiles()
        files.add(1, isUrgent: false)
        _ = (noteAll(&files), handOutAll(&files))
        files.postpone(1, until: start + .seconds(2))
        #expect(files.nextDeferred == start + .seconds(2))
        files.wake(at: start + .seconds(1))
        #expect(noteAll(&files).isEmpty)
        files.wake(at: start + .seconds(2))
        #expect(files.nextDeferred == nil)
        #expect(noteAll(&files) == [1])
    }

    @Test func newsOfAFileThatIsPostponedEndsTheWait() {
        var files = WaitingFiles()
        files.add(1, isUrgent: true)
        _ = (noteAll(&files), handOutAll(&files))
        files.postpone(1, until: start + .seconds(60))
        files.add(1, isUrgent: true)
        #expect(files.nextDeferred == nil)
        #expect(noteAll(&files) == [1])
    }

    @Test func newsFromAScanEndsTheWaitOfAnUrgentFileToo() {
        var files = WaitingFiles()
        files.add(1, isUrgent: true)
        _ = (noteAll(&files), handOutAll(&files))
        files.postpone(1, until: start + .seconds(60))
        files.add(1, isUrgent: false)
        #expect(noteAll(&files) == [1])
    }

    @Test func whatIsLearntOfAFileIsKeptUntilItIsDone() {
        var files = WaitingFiles()
        files.add(1, isUrgent: false)
        _ = (noteAll(&files), handOutAll(&files))
        files.again(1, mustDecode: true)
        _ = (noteAll(&files), handOutAll(&files))
        files.again(1, hasCrashed: true)
        #expect(files.entries[1]?.mustDecode == true)
        #expect(files.entries[1]?.crashes == 1)
        files.finish(1)
        files.add(1, isUrgent: false)
        #expect(files.entries[1]?.mustDecode == false)
        #expect(files.entries[1]?.crashes == 0)
    }

    @Test func aFileThatIsDoneIsPassedOverInEveryLine() {
        var files = WaitingFiles()
        for file in 1...6 as ClosedRange<Int64> { files.add(file, isUrgent: file > 4) }
        files.finish(5)
        #expect([files.noteNext(), files.noteNext(), files.noteNext()] == [6, 1, 2])
        files.finish(1)
        files.finish(3)
        #expect(handOutAll(&files) == [6, 2])
        #expect(noteAll(&files) == [4])
        files.postpone(2, until: start)
        files.finish(2)
        #expect(files.nextDeferred == nil)
        files.wake(at: start)
        files.again(2)
        files.takeBack(2)
        files.postpone(2, until: start)
        #expect(handOutAll(&files) == [4])
    }

    @Test func countsWhatWasDoneSinceThereWasNothingToDo() {
        var files = WaitingFiles()
        for file in 1...3 as ClosedRange<Int64> { files.add(file, isUrgent: false) }
        files.finish(1)
        files.finish(1)
        files.finish(2)
        #expect((files.doneCount, files.count) == (2, 1))
        files.finish(3)
        #expect((files.doneCount, files.isEmpty) == (0, true))
    }

    @Test func keepsItsOrderOverManyFiles() {
        var files = WaitingFiles()
        let all = Array(1...20_000 as ClosedRange<Int64>)
        var seen: [Int64] = []
        for file in all {
            files.add(file, isUrgent: false)
            if file % 3 == 0, let next = files.noteNext() { seen.append(next) }
        }
        #expect(seen + noteAll(&files) == all)
    }
}
