import Glibc
import PageServer
import Platform
import Synchronization
import SystemPackage
import Testing

@testable import TimbrePage

/// What open pages are told.
@Suite(.timeLimit(.minutes(10)))
struct PageNewsTests {
    /// The first line that comes within 20 s and is not empty.
    func line(_ served: ServedFile) throws -> String {
        var (line, byte) = ([UInt8](), [UInt8](repeating: 0, count: 1))
        let deadline = ContinuousClock.now + .seconds(20)
        var entry = pollfd(fd: served.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&entry, 1, 20_000) > 0, ContinuousClock.now < deadline,
            try unsafe byte.withUnsafeMutableBytes({ try unsafe served.descriptor.read(into: $0) }) == 1
        {
            if byte[0] != UInt8(ascii: "\n") { line.append(byte[0]) } else if !line.isEmpty { break }
        }
        return String(decoding: line, as: UTF8.self)
    }

    @Test func everyPageIsToldWhatHasHappened() throws {
        let news = try PageNews(marksHaveChanged: { false })
        news.tell { $0.daemon = .ready }
        let pages = [try news.open(), try news.open()]
        for page in pages {
            #expect(try line(page) == #"{"changed":0,"daemon":"ready","favourites":false,"new":0}"#)
        }
        news.tell { ($0.new, $0.changed) = ($0.new + 1, $0.changed + 1) }
        for page in pages { #expect(try line(page) == #"{"changed":1,"favourites":false,"new":1}"#) }
    }

    @Test func whatHappenedBeforeAPageCameIsNoNewsToIt() throws {
        let news = try PageNews(marksHaveChanged: { false })
        news.tell { $0.new = 7 }
        let page = try news.open()
        #expect(try line(page) == #"{"changed":0,"favourites":false,"new":0}"#)
        news.tell { $0.changed = 1 }
        #expect(try line(page) == #"{"changed":1,"favourites":false,"new":0}"#)
    }

    @Test func otherMarksAreNews() throws {
        let isOther = Mutex(false)
        let news = try PageNews(marksHaveChanged: {
            isOther.withLock { isOther in
                defer { isOther = false }
                return isOther
            }
        })
        let page = try news.open()
        _ = try line(page)
        isOther.withLock { $0 = true }
        #expect(try line(page) == #"{"changed":0,"favourites":true,"new":0}"#)
    }

    @Test func thereIsAnEndToPages() throws {
        let news = try PageNews(marksHaveChanged: { false })
        let pages = try (0..<16).map { _ in try news.open() }
        #expect(throws: PageNews.Full.self) { try news.open() }
        #expect(pages.count == 16)
    }

    @Test func pagesThatHaveGoneMakeRoomAtOnce() throws {
        let news = try PageNews(marksHaveChanged: { false })
        var pages = try (0..<16).map { _ in try news.open() }
        pages.removeLast(3)
        pages.append(contentsOf: [try news.open(), try news.open(), try news.open()])
        #expect(throws: PageNews.Full.self) { try news.open() }
        #expect(pages.count == 16)
    }

    /// It has as many lines to read as the kernel keeps; then its stream ends, and the others' goes on.
    @Test func aPageThatDoesNotReadIsHungUpOn() throws {
        let (slow, served) = try PageChannel.make()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 60) + [UInt8(ascii: "\n")]
        var count = 0
        while slow.offer(line) { count += 1 }
        #expect((100..<10_000).contains(count))
        withExtendedLifetime(served) {}
    }

    @Test func whoHasGoneIsToldNothing() throws {
        var pair: (channel: PageChannel, served: ServedFile)? = try PageChannel.make()
        let channel = try #require(pair?.channel)
        #expect(channel.offer([10]))
        pair = nil
        #expect(!channel.offer([10]))
        #expect(throws: Errno.brokenPipe) { try channel.send([10]) }
    }
}
