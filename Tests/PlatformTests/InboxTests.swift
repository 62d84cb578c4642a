import Platform
import Testing

struct InboxTests {
    @Test func whoPostsMuchWaitsUntilItIsTaken() throws {
        let inbox = try Inbox<Int>()
        for item in 0..<3 { inbox.post(item) }
        let taken = Promise<[Int], any Error>()
        try DetachedThread.start { taken.fulfil(.success(inbox.takeAll())) }
        inbox.waitForRoom(below: 3, atMost: .seconds(20))
        #expect(inbox.isEmpty)
        #expect(try taken.wait(atMost: .seconds(20)) == [0, 1, 2])
    }

    @Test func whoPostsLittleOrForTooLongGoesOn() throws {
        let inbox = try Inbox<Int>()
        for item in 0..<3 { inbox.post(item) }
        inbox.waitForRoom(below: 4, atMost: .seconds(1_000_000))
        inbox.waitForRoom(below: 3, atMost: .milliseconds(1))
        #expect(inbox.takeAll() == [0, 1, 2])
    }
}
