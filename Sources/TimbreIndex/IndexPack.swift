/// Some files of an index as bytes.
package struct IndexPack: Hashable, Sendable {
    /// The youngest of them.
    package var last: Int64
    package var fileCount: Int
    package var bytes: [UInt8]
}

extension TimbreIndex {
    /// How many files go into one pack at most.
    package static let filesPerPack = Segment.fileLimit

    /// All files as packs, ascending, from which an index can be made faster than from files.
    package var packs: [IndexPack] {
        segments.compactMap { segment in
            segment.lastID.map { last in
                IndexPack(last: last, fileCount: segment.fileCount, bytes: segment.packed(directories))
            }
        }
    }

    /// Adds the files of a pack.
    ///
    /// - Parameters:
    ///   - pack: The bytes of a pack.
    ///   - files: The numbers that its files may have: all above those that are there.
    /// - Returns: Whether it was added; not, and nothing is changed, if the bytes are no pack of this version, are damaged,
    ///   or hold other files.
    package mutating func append(pack: RawSpan, of files: ClosedRange<Int64>) -> Bool {
        precondition(segments.last?.lastID.map { $0 < files.lowerBound } ?? true, "files ascend by number")
        var directories = directories
        guard let segment = Segment(packed: pack, &directories),
            let last = segment.lastID, files.contains(segment.files.baseID), files.contains(last)
        else { return false }
        self.directories = directories
        segments.append(segment)
        return true
    }

    /// The youngest of the first `count` files from a number on; nil if there are fewer.
    ///
    /// - Complexity: O(*n*) in the number of segments.
    package func id(ofNext count: Int, from id: Int64) -> Int64? {
        precondition(count > 0)
        var left = count
        for segment in segments {
            guard let last = segment.lastID, last >= id else { continue }
            let start = (0..<segment.fileCount).partitioningIndex { segment.id(of: $0) >= id }
            if segment.fileCount - start >= left { return segment.id(of: start + left - 1) }
            left -= segment.fileCount - start
        }
        return nil
    }
}

/// The files of a segment as bytes, from which it is made again without a look at each of its parts.
///
/// A magic number with the version, a checksum of what follows, then columns: of each the number of its bytes as 64 bits,
/// and these, filled up to a multiple of eight, in the machine's order, for bytes never leave it. Numbers have their full
/// width there, whatever they take in memory. Directories are given by their own numbers, as their slots hold for one
/// index alone.
extension Segment {
    /// "timbre", and the version of the columns below: to be raised with each change of these, or of what is in them.
    private static let magic: UInt64 = 0x6572_626d_6974_0003

    /// All that the segment holds.
    func packed(_ table: DirectoryTable) -> [UInt8] {
        var columns = ColumnWriter()
        let rows = 0..<fileCount
        columns.add([files.baseID])
        columns.add(files.idOffsets.numbers)
        columns.add(rows.map(files.sounds.duration))
        columns.add(rows.map { files.added[$0] })
        columns.add(rows.map(files.sounds.facts))
        columns.add(rows.map { table.entries[Int(files.directories[$0])].directory })
        columns.add(files.nameEnds.numbers)
        columns.add(files.names)
        columns.add(files.spanEnds.numbers)
        columns.add(files.vectors)
        columns.add(files.figures)
        columns.add(spans.codes.words)
        let numbers = rows.flatMap { row in spans(of: row).map { number(ofSpan: $0, of: row) } }
        columns.add(numbers.map { UInt16(truncatingIfNeeded: $0) })
        // Left out as long as all numbers fit into the lower halves.
        columns.add(numbers.contains { $0 >> 16 != 0 } ? numbers.map { UInt16($0 >> 16) } : [])
        columns.add(spans.ownVectors)
        columns.add(spans.ownPlaces)
        return columns.finish(magic: Self.magic)
    }

    /// Reads what ``packed(_:)`` has written; nil if it is something else, of another version, or damaged.
    init?(packed bytes: RawSpan, _ table: inout DirectoryTable) {
        guard var columns = ColumnReader(bytes, magic: Self.magic),
            let baseID = columns.next(Int64.self, 1, in: bytes), let idOffsets = columns.next(UInt32.self, in: bytes)
        else { return nil }
        let fileCount = idOffsets.count
        guard fileCount > 0, fileCount <= Self.fileLimit, zip(idOffsets, idOffsets.dropFirst()).allSatisfy({ $0 < $1 }),
            !baseID[0].addingReportingOverflow(Int64(idOffsets[fileCount - 1])).overflow,
            let durations = columns.next(Double.self, fileCount, in: bytes),
            let added = columns.next(Double.self, fileCount, in: bytes),
            let facts = columns.next(SoundFacts.self, fileCount, in: bytes),
            let homes = columns.next(Int64.self, fileCount, in: bytes),
            let nameEnds = columns.next(UInt32.self, fileCount, in: bytes),
            let names = columns.next(UInt8.self, in: bytes), Self.areEnds(nameEnds, of: names.count),
            let spanEnds = columns.next(UInt32.self, fileCount, in: bytes),
            let fileVectors = VectorColumns(&columns, count: fileCount, in: bytes),
            let figures = columns.next(SIMD8<UInt16>.self, fileCount, in: bytes),
            let words = columns.next(UInt64.self, in: bytes),
            let codes = CodePlanes(count: Int(spanEnds[fileCount - 1]), words: words),
            Self.areEnds(spanEnds, of: codes.count), let low = columns.next(UInt16.self, codes.count, in: bytes),
            let high = columns.next(UInt16.self, in: bytes), high.isEmpty || high.count == low.count,
            let ownVectors = VectorColumns(&columns, in: bytes),
            let ownPlaces = columns.next(UInt32.self, ownVectors.count, in: bytes)
        else { return nil }
        // Most files lie where the one before does.
        var home: (directory: Int64, slot: Int32)?
        let directories = homes.map { directory in
            if let home, home.directory == directory { return home.slot }
            let slot = table.slot(of: directory)
            home = (directory, slot)
            return slot
        }
        let numbers = low.indices.map { (high.isEmpty ? 0 : UInt32(high[$0]) << 16) | UInt32(low[$0]) }
        self.init(
            files: FileColumns(
                baseID: baseID[0], idOffsets: AscendingColumn(idOffsets),
                sounds: SoundColumn(durations: durations, facts: facts), added: RunColumn(added),
                directories: RunColumn(directories), names: names, nameEnds: AscendingColumn(nameEnds),
                spanEnds: AscendingColumn(spanEnds), vectors: fileVectors, figures: figures),
            spans: SpanColumns(
                codes: codes, numbers: numbers, ends: spanEnds, ownVectors: ownVectors, ownPlaces: ownPlaces))
    }

    /// Whether numbers are the ends of stretches that together are `count` elements long.
    private static func areEnds(_ ends: [UInt32], of count: Int) -> Bool {
        Int(ends.last ?? 0) == count && zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 }
    }
}

extension ColumnWriter {
    fileprivate mutating func add(_ vectors: VectorColumns) {
        add(vectors.heads)
        add(vectors.middles)
        add(vectors.tails)
    }
}

extension VectorColumns {
    fileprivate init?(_ columns: inout ColumnReader, count: Int? = nil, in bytes: RawSpan) {
        guard let heads = columns.next(SIMD16<Int8>.self, count, in: bytes),
            let middles = columns.next(SIMD16<Int8>.self, heads.count, in: bytes),
            let tails = columns.next(SIMD32<Int8>.self, heads.count * Self.tailParts, in: bytes)
        else { return nil }
        self.init(heads: heads, middles: middles, tails: tails)
    }
}
