import Testing
import Varlink

struct MessageSplitterTests {
    let stream = Array("{\"a\":1}\0\0{\"b\":\"ü\"}\0{\"c".utf8)
    let messages = ["{\"a\":1}", "", "{\"b\":\"ü\"}"].map { Array($0.utf8) }

    /// Cuts the stream at the given places, and collects what comes out.
    func split(at cuts: [Int]) throws -> (messages: [[UInt8]], isInside: Bool) {
        var splitter = MessageSplitter(limit: 20)
        var found: [[UInt8]] = []
        for (from, to) in zip([0] + cuts, cuts + [stream.count]) {
            splitter.append(stream[from..<to])
            while let message = try splitter.next() { found.append(message) }
        }
        return (found, splitter.isInside)
    }

    @Test func findsTheSameMessagesWhereverTheStreamIsCut() throws {
        for first in 0...stream.count {
            for second in first...stream.count {
                let (found, isInside) = try split(at: [first, second])
                #expect(found == messages, "cut at \(first) and \(second)")
                #expect(isInside)
            }
        }
    }

    @Test func findsTheSameMessagesByteByByte() throws {
        #expect(try split(at: Array(1..<stream.count)).messages == messages)
    }

    @Test func aMessageMayBeAsLongAsTheLimit() throws {
        var splitter = MessageSplitter(limit: 4)
        splitter.append(Array("1234".utf8))
        #expect(try splitter.next() == nil)
        splitter.append([0])
        #expect(try splitter.next() == Array("1234".utf8))
        #expect(!splitter.isInside)
    }

    @Test(arguments: ["5", "5\0", "5678"])
    func aLongerMessageIsRefused(_ rest: String) throws {
        var splitter = MessageSplitter(limit: 4)
        splitter.append(Array("1234".utf8))
        #expect(try splitter.next() == nil)
        splitter.append(Array(rest.utf8))
        #expect(throws: MessageSplitter.TooLong.self) { _ = try splitter.next() }
    }

    @Test func aMillionSmallMessagesTakeLinearTime() throws {
        var splitter = MessageSplitter()
        splitter.append(Array(repeatElement([UInt8(ascii: "x"), 0], count: 1_000_000).joined()))
        var count = 0
        while try splitter.next() != nil { count += 1 }
        #expect(count == 1_000_000)
    }
}
