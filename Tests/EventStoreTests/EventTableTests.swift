import Testing

@testable import EventStore

struct EventTableTests {
    private func entry(_ file: Int, _ position: Int) -> EventTable.Entry {
        EventTable.Entry(
            file: Int64(file), content: Int64(position),
            extent: EventExtent(position: Int64(position), eventCount: 1, frameCount: 90))
    }

    @Test("Any changes leave what a dictionary has", arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithADictionary(seed: UInt64) {
        var random = RandomBytes(state: seed)
        var table = EventTable()
        var plain: [Int64: EventTable.Entry] = [:]
        for step in 0..<60 {
            var changes: [Int64: EventTable.Entry?] = [:]
            for _ in 0..<random.next(below: 9) {
                // Mostly young files, as in ingest.
                let file = random.next(below: 4) == 0 ? random.next(below: 30 + step) : 30 + step
                changes[Int64(file)] = .some(random.next(below: 3) == 0 ? nil : entry(file, random.next(below: 999)))
            }
            table.apply(changes)
            for (file, entry) in changes { plain[file] = entry }
            #expect(table.entries == plain.values.sorted { $0.file < $1.file })
            for file in 0..<100 as Range<Int64> { #expect(table[file] == plain[file]) }
        }
    }

    @Test func aCopyStaysAsItIs() {
        var table = EventTable(in: nil, [entry(1, 64), entry(3, 500)], isComplete: true)
        let copy = table
        table.apply([3: nil, 2: entry(2, 900)])
        #expect(table.entries.map(\.file) == [1, 2] && copy.entries.map(\.file) == [1, 3])
        #expect(table.isComplete)
    }
}
