import Testing
import TimbreCodes

@testable import TimbreIndex

/// What is asked of single files, against plain code.
extension TimbreIndexTests {
    @Test("Files are let through that a search would find, at whatever distance", arguments: cases)
    func admits(_ filtered: Case) {
        let (index, plain, _) = library(5000, seed: 21, bits: 4)
        // Those between have no files.
        let ids = Array((0..<15_010 as Range<Int64>).reversed())
        for excluded in [[], [0, 9, 10, 300]] as [Set<Int64>] {
            let expected = ids.map { id in
                plain.files[id].map { filtered.admits($0) && !excluded.contains(id) } ?? false
            }
            #expect(index.admitted(among: ids, filter: filtered.filter, excluding: excluded) == expected)
        }
    }

    @Test func aFileTellsItsLength() {
        let (index, plain, _) = library(5000, seed: 22, bits: 4)
        for id in 0..<15_010 as Range<Int64> { #expect(index.duration(of: id) == plain.files[id]?.duration) }
    }

    @Test func theNearestSpanWithinATimeIsThatOfThoseHeardInIt() {
        var (index, plain, random) = library(600, seed: 23, bits: 6)
        let times = [0, 0.1, 0.6965, 0.7, 1, 2.09, 3.3, 6.3, 7, 100]
        let codes = [random.code(), random.code()]
        for file in plain.sorted {
            for start in times {
                for end in times where end > start {
                    let heard = file.spans.filter { !$0.isEmpty }.filter { span in
                        let time = TimbreSpan(number: span.number, code: span.code)
                        return time.start < end && time.end(sampleCount: file.sampleCount) > start
                    }
                    let nearest = heard.flatMap { span in codes.map { $0.distance(to: span.code) } }.min()
                    #expect(index.distance(of: file.id, within: start..<end, to: codes) == nearest)
                }
            }
        }
        #expect(index.distance(of: 1, within: 0..<9, to: codes) == nil)
        #expect(index.distance(of: 0, within: 0..<9, to: []) == nil)
    }
}
