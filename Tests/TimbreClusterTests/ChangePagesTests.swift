import ClusterShards
import Platform
import Synchronization
import SystemPackage
import TestServer
import Testing
import TimbreWire
import Varlink

@testable import TimbreCluster

@Suite(.timeLimit(.minutes(10)))
struct ChangePagesTests {
    /// A library whose journal has four pages of one change, and nothing behind them, and that counts how often it is read.
    private final class Journal: Sendable {
        static let length = 4
        let readings = Mutex<[Int]>([])
        /// Which model was known to those who were ready to wait; nil for who was not.
        let known = Mutex<[String?]>([])
        /// How many readings fail before the first that does not.
        let failures: Mutex<Int>
        let library = Mutex("ab")

        init(failing failures: Int = 0) { self.failures = Mutex(failures) }

        func serve(_ body: (FilePath) throws -> Void) throws {
            let changes = VarlinkMethod(Changes.name, access: .read, streaming: .always) { parameters, _, _ in
                try self.page(parameters)
            }
            let service = VarlinkService(
                VarlinkService.Product(vendor: "", name: "", version: "", url: ""),
                interfaces: [VarlinkInterface(name: LibraryInterface.name, definition: "", methods: [changes])],
                policy: { _ in .change }, busy: LibraryError.stopping,
                unexpected: { LibraryError.internal(reason: "\($0)") })
            try withServer(service) { path, _ in try body(path) }
        }

        private func page(_ parameters: Changes.Parameters) throws -> Changes.Reply {
            let isFailing = failures.withLock { failures in
                failures -= 1
                return failures >= 0
            }
            if isFailing { throw LibraryError.busy(reason: "not yet") }
            let place = parameters.after ?? 0
            let next = min(place + 1, Self.length)
            readings.withLock { $0.append(place) }
            #expect(parameters.once && parameters.follow == (parameters.known != nil))
            known.withLock { $0.append(parameters.known) }
            return Changes.Reply(
                library: library.withLock(\.self), model: "sha256:00", next: next, history: "cd",
                anew: parameters.after == nil, last: next == Self.length, directories: [], files: [],
                gone: Array(place..<next))
        }
    }

    /// All pages, as one publisher reads them.
    private static func all(_ pages: ChangePages) throws -> [Int] {
        var (place, gone): (PublicationPosition?, [Int]) = (nil, [])
        while true {
            let page = try pages.page(after: place)
            gone += page.gone
            if page.last { return gone }
            place = PublicationPosition(next: page.next, history: page.history, isComplete: false)
        }
    }

    @Test func eachPageIsReadOnceForAllPublishers() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 4)
            // Those who are ahead find the next page ahead, and those who are behind what was read before.
            let readers = try (0..<4).map { _ in
                let promise = Promise<[Int], any Error>()
                try DetachedThread.start { promise.fulfil(Result { try Self.all(pages) }) }
                return promise
            }
            let read = try readers.map { try $0.wait() }
            #expect(read.allSatisfy { $0 == [0, 1, 2, 3] })
        }
        #expect(journal.readings.withLock { $0 } == [0, 1, 2, 3])
    }

    @Test func whoComesLaterReadsAgain() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 1)
            let read = try [Self.all(pages), Self.all(pages)]
            #expect(read == [[0, 1, 2, 3], [0, 1, 2, 3]])
        }
        #expect(journal.readings.withLock { $0 } == [0, 1, 2, 3, 0, 1, 2, 3])
    }

    /// Where so many changes are known.
    private static func place(_ number: Int) -> PublicationPosition {
        PublicationPosition(next: number, history: "cd", isComplete: true)
    }

    @Test func newsAreReadOnceForAllPublishers() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 4)
            for _ in 0..<4 {
                let news = try pages.news(after: Self.place(3), knowing: "sha256:00")
                #expect(news.gone == [3] && news.last)
            }
            #expect(journal.readings.withLock { $0 } == [3])
            // Whoever is behind is not given what others wait for.
            #expect(try pages.news(after: Self.place(2), knowing: "sha256:00").gone == [2])
        }
        #expect(journal.readings.withLock { $0 } == [3, 2])
    }

    @Test func thatNothingIsNewIsAskedAgain() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 4)
            for _ in 0..<2 {
                let news = try pages.news(after: Self.place(4), knowing: "sha256:00")
                #expect(news.gone.isEmpty)
            }
        }
        #expect(journal.readings.withLock { $0 } == [4, 4])
    }

    @Test func aPageForNowIsNotTheOneThatOthersWaitFor() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 4)
            let news = try pages.news(after: Self.place(3), knowing: "sha256:00")
            let page = try pages.page(after: Self.place(3))
            #expect(news.gone == [3] && page.gone == [3])
        }
        #expect(journal.readings.withLock { $0 } == [3, 3])
        #expect(journal.known.withLock { $0 } == ["sha256:00", nil])
    }

    @Test func aFailureIsNotKept() throws {
        try Journal(failing: 1).serve { path in
            let pages = ChangePages(of: path, readers: 4)
            #expect(throws: LibraryError.busy(reason: "not yet")) { try pages.page(after: nil) }
            let page = try pages.page(after: nil)
            #expect(page.gone == [0])
        }
    }

    @Test func pagesOfALibraryThatWasReplacedAreNotKept() throws {
        let journal = Journal()
        try journal.serve { path in
            let pages = ChangePages(of: path, readers: 4)
            let first = try pages.source()
            #expect(first == ChangePages.Source(library: "ab", model: "sha256:00"))
            #expect(try pages.page(after: nil).library == "ab")
            journal.library.withLock { $0 = "ef" }
            // Whoever begins now finds out, and others are given what there is now.
            #expect(try pages.source().library == "ef")
            #expect(try pages.page(after: nil).library == "ef")
            #expect(try Self.all(pages) == [0, 1, 2, 3])
        }
    }
}
