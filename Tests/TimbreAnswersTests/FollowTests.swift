import Glibc
import LibraryFeed
import Platform
import Synchronization
import SystemPackage
import TestIngest
import TestModels
import TestServer
import Testing
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// What those are told who follow a library, over a real socket.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct FollowTests {
    private let library: StoredLibrary
    private let test: TestResponder
    private var feed: Feed { test.ingest.feed }

    init() throws {
        library = try StoredLibrary(
            of: ["deep.wav": "1 1 2 1 1", "hat.wav": "7 8 7 9", "broken.wav": "!"], smallModelWithVectors())
        test = try TestResponder(library)
        // Its start is over once it answers.
        try test.ingest.catchUp()
    }

    private var service: VarlinkService {
        VarlinkService(library: test.responder, policy: AccessPolicy(owner: getuid()), version: "1", url: "")
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }

    /// Follows until there are so many events, and meanwhile, once it is ready, has things happen.
    ///
    /// - Parameter happen: Is called at the event `ready`.
    private func events(
        _ count: Int, _ parameters: Follow.Parameters = Follow.Parameters(), happen: () throws -> Void = {}
    ) throws -> [Follow.Reply] {
        struct Enough: Error {}
        var events: [Follow.Reply] = []
        try withServer(service) { path, _ in
            do {
                var client = try VarlinkClient(connectingTo: path)
                let last = try client.call(Follow.self, parameters) { event in
                    events.append(event)
                    if event.event == .ready { try happen() }
                    if events.count == count { throw Enough() }
                }
                events.append(last)
            } catch is Enough {}
        }
        return events
    }

    /// Adds a sound, and tells so as ingest does.
    @discardableResult private func add(_ sound: String, to name: String) throws -> FileRecord {
        let file = try library.add(sound, to: name)
        feed.tell([.file(FileHappening(.indexed, file, at: library.path(name)))], at: 3)
        return file
    }

    @Test func whatIngestDoesIsToldWithConsecutiveNumbers() throws {
        let start = Int(feed.last)
        let events = try events(3) {
            try test.ingest.pause()
            try test.ingest.resume()
        }
        #expect(events.map(\.event) == [.ready, .paused, .resumed])
        #expect(events.map(\.number) == [start, start + 1, start + 2])
    }

    @Test func aFollowerGoesOnWhereItWas() throws {
        let start = Int(feed.last)
        feed.tell([.paused, .resumed, .caughtUp], at: 1)
        feed.tell([.paused], at: 2)
        let events = try events(3, Follow.Parameters(since: start + 2))
        #expect(events.map(\.event) == [.ready, .caughtUp, .paused])
        #expect(events.map(\.number) == [start + 2, start + 3, start + 4] && events[1].time == 1)
    }

    @Test("A number that is not known any more, or not yet, is a loss", arguments: [0, Int.max])
    func losses(number: Int) throws {
        let events = try events(3, Follow.Parameters(since: number)) { feed.tell([.paused], at: 1) }
        #expect(events.map(\.event) == [.lost, .ready, .paused] && events[0].missed == nil)
        #expect(events[0].number == events[1].number && events[2].number == events[1].number + 1)
    }

    @Test func aSnapshotIsTheListAtTheNumberFromWhichEventsFollow() throws {
        feed.tell([.paused], at: 1)
        let events = try events(5, Follow.Parameters(snapshot: true)) { feed.tell([.resumed], at: 1) }
        #expect(events.map(\.event) == [.listed, .listed, .listed, .ready, .resumed])
        let list = try test.responder.list(List.Parameters(), from: .owner) { _ in }
        #expect(events.compactMap(\.file) == list.files)
        #expect(events[0].number == events[3].number && events[4].number == events[3].number + 1)
    }

    @Test func whatIsLikeASoundIsToldAsASearchWouldFindIt() throws {
        let like = [QuerySound(.file(path("deep.wav")))]
        let events = try events(3, Follow.Parameters(like: like, maxDistance: 1e6)) {
            feed.tell([.caughtUp], at: 1)
            try add("1 1 2 1 3", to: "soft.wav")
            // What is known already, and what is only there again, does not arrive.
            let hat = try #require(try library.file("hat.wav"))
            feed.tell([.file(FileHappening(.back, hat, at: library.path("hat.wav")))], at: 2)
            try add("7 7 7 9", to: "ride.wav")
        }
        #expect(events.map { $0.file?.path } == [nil, path("soft.wav"), path("ride.wav")])
        let found = try test.responder.similar(Similar.Parameters(queries: like), from: .owner).results
        for event in events.dropFirst() {
            let result = try #require(found.first { $0.path == event.file?.path })
            #expect(event.distance == result.distance && event.score == result.score)
        }
    }

    @Test func whatIsFartherAwayIsNotTold() throws {
        let like = [QuerySound(.file(path("deep.wav")))]
        try library.add("1 1 2 1 3", to: "other.wav")
        let near = try test.responder.similar(Similar.Parameters(queries: like, count: 1), from: .owner).results[0]
        let events = try events(2, Follow.Parameters(like: like, maxDistance: near.distance)) {
            try add("7 7 7 9", to: "ride.wav")
            try add("1 1 2 1 3", to: "soft.wav")
        }
        #expect(events.map { $0.file?.path } == [nil, path("soft.wav")])
    }

    @Test func whatCannotBeSearchedByCannotBeWaitedFor() throws {
        let like = [QuerySound(.file(path("broken.wav")))]
        #expect(throws: LibraryError.self) { try events(1, Follow.Parameters(like: like)) }
        try library.add("- - -", to: "silence.wav")
        let silence = [QuerySound(.file(path("silence.wav")))]
        #expect(throws: LibraryError.self) { try events(1, Follow.Parameters(like: silence)) }
    }

    @Test func whoDoesNotReadLosesAndOthersDoNot() throws {
        try withServer(service) { path, _ in
            let (ready, mayRead) = (Promise<Int, Never>(), Promise<Bool, Never>())
            let ended = Promise<[Follow.Reply], any Error>()
            try DetachedThread.start {
                ended.fulfil(
                    Result {
                        var client = try VarlinkClient(connectingTo: path)
                        var events: [Follow.Reply] = []
                        let last = try client.call(Follow.self, Follow.Parameters()) { event in
                            events.append(event)
                            guard event.event == .ready else { return }
                            ready.fulfil(.success(event.number))
                            _ = mayRead.wait()
                        }
                        return events + [last]
                    })
            }
            let start = ready.wait()
            // More than the ring and the socket hold; ingest, whose thread this stands for, waits for nobody.
            let reason = String(repeating: "x", count: 100)
            let count = 2 * Feed.capacity
            for _ in 0..<count / 64 { feed.tell((0..<64).map { _ in .stuck(reason) }, at: 1) }
            mayRead.fulfil(.success(true))
            let events = try ended.wait()
            let last = try #require(events.last)
            #expect(last.event == .lost && last.number <= start + count)
            // None but those that are said to be missing is, and none comes twice.
            let told = events.dropLast().map(\.number)
            #expect(told == Array(start..<start + told.count))
            #expect(last.missed == last.number - (start + told.count - 1) && last.missed ?? 0 >= Feed.capacity / 2)
        }
    }

    @Test func theEndIsTold() throws {
        let events = try events(3) {
            feed.tell([.paused], at: 1)
            feed.close()
        }
        #expect(events.map(\.event) == [.ready, .paused, .stopping])
    }

    @Test func thereIsNoRoomForMoreThanSoMany() throws {
        let followers = try (0..<Feed.mostFollowers).map { _ in try feed.follow() }
        #expect(throws: LibraryError.self) { try events(1) }
        withExtendedLifetime(followers) {}
    }

    @Test func aFollowerWhoLeavesMakesRoom() throws {
        let others = try (1..<Feed.mostFollowers).map { _ in try feed.follow() }
        for _ in 0..<3 { #expect(try events(1).map(\.event) == [.ready]) }
        withExtendedLifetime(others) {}
    }
}
