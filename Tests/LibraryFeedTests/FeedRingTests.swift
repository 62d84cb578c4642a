import Testing
import TimbreCodes

@testable import LibraryFeed

/// What is kept, and what a reader at any place is given, held against a plain list of everything.
struct FeedRingTests {
    private func happenings(_ count: Int, from number: Int) -> [Happening] {
        (0..<count).map { .stuck("\(number + $0)") }
    }

    @Test("Gives every reader what is kept behind its place, or says that it is not", arguments: 0..<20)
    func readers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...40, using: &generator)
        var ring = FeedRing(capacity: capacity, start: 100)
        var (all, lastBatch) = ([Happening](), 0)
        for _ in 0..<200 {
            lastBatch = Int.random(in: 1...9, using: &generator)
            let more = happenings(lastBatch, from: all.count)
            ring.append(more, at: 1)
            all += more
            #expect(ring.last == 100 + Int64(all.count))
            for number in [99, 100, ring.last, ring.last + 1, Int64.random(in: 100...ring.last, using: &generator)] {
                let rest = ring.batches(after: number).map { batches in
                    batches.flatMap { batch in
                        batch.happenings.enumerated().filter { batch.first + Int64($0.offset) > number }.map(\.element)
                    }
                }
                guard let rest else {
                    // Whatever is within the capacity is there.
                    let behind = ring.last - number
                    #expect(behind < 0 || number < 100 || behind > max(0, capacity - 8))
                    continue
                }
                #expect(rest == Array(all.dropFirst(Int(number) - 100)))
                #expect(rest.count <= max(capacity, lastBatch))
            }
        }
    }

    @Test func nothingIsTheSameAsNoTurn() {
        var ring = FeedRing(capacity: 3, start: 7)
        ring.append([], at: 1)
        #expect(ring.last == 7 && ring.batches(after: 7)?.isEmpty == true && ring.batches(after: 6) == nil)
    }

    @Test func theNewestTurnIsKeptHoweverLargeItIs() {
        var ring = FeedRing(capacity: 3, start: 0)
        ring.append(happenings(2, from: 0), at: 1)
        ring.append(happenings(10, from: 2), at: 2)
        #expect(ring.batches(after: 2)?.map(\.happenings.count) == [10])
        #expect(ring.batches(after: 1) == nil && ring.lastForgotten == 2)
    }

    @Test func aBatchIsPutIntoWordsOnceForAllWhoWantAllOfIt() {
        let batch = FeedBatch(first: 5, time: 1, happenings: [.paused, .resumed, .caughtUp])
        var made = 0
        func pieces(after number: Int64) -> [[UInt8]] {
            batch.pieces(after: number, size: 2) { _, number in
                made += 1
                return [UInt8(number)]
            }.map { [UInt8($0.last)] + $0.bytes }
        }
        for _ in 0..<3 { #expect(pieces(after: 4) == [[6, 5, 6], [7, 7]]) }
        #expect(made == 3)
        #expect(pieces(after: 5) == [[7, 6, 7]] && pieces(after: 7) == [])
    }

    @Test func whatIsLongerThanAPieceIsOneByItself() {
        let texts: [(Int64, [UInt8])] = [(1, [1]), (2, [2, 2, 2]), (3, [3]), (4, [4])]
        let pieces = FeedPiece.gather(texts, size: 2)
        #expect(pieces.map(\.last) == [1, 2, 4] && pieces.map(\.bytes) == [[1], [2, 2, 2], [3, 4]])
    }
}
