import TimbreCodes

/// How common some codes are in a library, and in which files they are heard most purely.
package struct CodeCensus: Hashable, Sendable {
    /// The files that have a code.
    package struct Use: Hashable, Sendable {
        /// How many there are.
        package var fileCount: Int
        /// Some of them. Those come first in which a span has the code and the fewest others; then the older ones.
        package var purest: [Int64]
    }

    /// How many files can be found: those that are not offline, and have a span with a bit.
    package var fileCount: Int
    /// The use of each code that was asked for.
    package var uses: [Int: Use]
}

extension TimbreIndex {
    /// Counts the files that have some codes, the offline ones left out.
    ///
    /// - Parameters:
    ///   - codes: The codes to look for, as bits.
    ///   - count: How many files to name for each code at most.
    ///   - excluded: Files that are counted, and not named.
    /// - Complexity: O(*n*) in the number of spans that have one of the codes, and in that of files.
    package func census(of codes: TimbreCode, naming count: Int, excluding excluded: Set<Int64> = []) -> CodeCensus {
        precondition(count > 0)
        var tallies = [Tally](repeating: Tally(naming: count), count: TimbreCode.width)
        var fileCount = 0
        for segment in segments {
            for row in 0..<segment.fileCount
            where !segment.files.sounds.isOffline(row) && !segment.spans(of: row).isEmpty {
                fileCount += 1
            }
            codes.forEachBit { code in
                segment.forEachFile(having: code) { row, bitCount in
                    let id = segment.id(of: row)
                    tallies[code].fileCount += 1
                    if !excluded.contains(id) { tallies[code].purest.insert(PureFile(bitCount: bitCount, file: id)) }
                }
            }
        }
        let uses = codes.bits.map { code in
            let tally = tallies[code]
            return (code, CodeCensus.Use(fileCount: tally.fileCount, purest: tally.purest.sorted.map(\.file)))
        }
        return CodeCensus(fileCount: fileCount, uses: Dictionary(uniqueKeysWithValues: uses))
    }
}

extension Segment {
    /// Passes on the files that have a code and are not offline, and the fewest bits of a span that has it.
    fileprivate func forEachFile(having code: Int, _ body: (_ row: Int, _ bitCount: Int) -> Void) {
        var (row, fewest) = (0, Int.max)
        func pass() { if fewest < .max && !files.sounds.isOffline(row) { body(row, fewest) } }
        spans.codes.forEachPlace(having: code) { place in
            if place >= files.spanEnds[row] {
                pass()
                (row, fewest) = (files.row(ofSpan: place, from: row), .max)
            }
            fewest = min(fewest, spans.codes.bitCount(at: place))
        }
        pass()
    }
}

/// What is found of one code.
private struct Tally {
    var fileCount = 0
    var purest: Smallest<PureFile>

    init(naming count: Int) { purest = Smallest(count) }
}

/// A file that has a code, ordered by how few others its purest span has.
private struct PureFile: Comparable {
    var bitCount: Int
    var file: Int64

    static func < (a: PureFile, b: PureFile) -> Bool { (a.bitCount, a.file) < (b.bitCount, b.file) }
}
