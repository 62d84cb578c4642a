import Testing

@testable import PageServer

struct ConnectionTableTests {
    let start = ContinuousClock.now

    func table(most: Int) -> ConnectionTable { ConnectionTable(most: most, patience: .seconds(5), rest: .seconds(20)) }

    @Test func whileThereIsRoomNobodyLeaves() {
        var table = table(most: 3)
        for socket in 1...3 { #expect(table.opened(Int32(socket), at: start + .seconds(socket)) == []) }
        #expect(table.count == 3)
    }

    @Test func whoHasWaitedLongestMakesRoom() {
        var table = table(most: 2)
        _ = table.opened(1, at: start)
        _ = table.opened(2, at: start + .seconds(1))
        #expect(table.opened(3, at: start + .seconds(2)) == [1])
        #expect(table.opened(4, at: start + .seconds(3)) == [2])
        #expect(table.count == 2)
    }

    @Test func whoIsAnsweredStays() {
        var table = table(most: 2)
        _ = table.opened(1, at: start)
        table.requestBegan(1)
        _ = table.opened(2, at: start + .seconds(1))
        #expect(table.opened(3, at: start + .seconds(2)) == [2])
        table.requestBegan(3)
        #expect(table.isBusy)
        #expect(table.opened(4, at: start + .seconds(3)) == [4])
    }

    @Test func whoIsTooSlowLeavesThoughThereIsRoom() {
        var table = table(most: 9)
        _ = table.opened(1, at: start)
        _ = table.opened(2, at: start + .seconds(1))
        #expect(table.opened(3, at: start + .seconds(5)) == [1])
    }

    @Test func betweenTwoRequestsThereIsMoreTime() {
        var table = table(most: 9)
        _ = table.opened(1, at: start)
        table.requestBegan(1)
        table.requestEnded(1, at: start + .seconds(60))
        #expect(!table.isBusy)
        #expect(table.opened(2, at: start + .seconds(79)) == [])
        #expect(table.opened(3, at: start + .seconds(80)) == [1])
    }

    @Test func whatIsClosedIsForgotten() {
        var table = table(most: 1)
        _ = table.opened(1, at: start)
        table.closed(1)
        #expect(table.opened(1, at: start) == [])
        #expect(table.count == 1)
    }
}
