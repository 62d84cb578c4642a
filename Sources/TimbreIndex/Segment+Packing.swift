import TimbreCoding

/// The files of a segment as bytes, from which it is made again without a look at each of its parts.
///
/// A magic number with the version, a checksum of what follows, then columns: of each the number of its bytes as 64 bits,
/// and these, filled up to a multiple of eight, in the machine's order, for bytes never leave it. Numbers have their full
/// width there, whatever they take in memory. Directories are given by their own numbers, as their slots hold for one
/// index alone.
extension Segment {
    /// "timbre", and the version of the columns below: to be raised with each change of these, or of what is in them.
    private static let magic: UInt64 = 0x6572_626d_6974_0002

    /// All that the segment holds.
    func packed(_ table: DirectoryTable) -> [UInt8] {
        var columns = ColumnWriter()
        let rows = 0..<fileCount
        columns.add([baseID])
        columns.add(idOffsets.numbers)
        columns.add(rows.map(sounds.duration))
        columns.add(rows.map { added[$0] })
        columns.add(rows.map(sounds.facts))
        columns.add(rows.map { table.entries[Int(directories[$0])].directory })
        columns.add(nameEnds.numbers)
        columns.add(names)
        columns.add(spanEnds.numbers)
        columns.add(fileVectors)
        columns.add(codes.words)
        let numbers = rows.flatMap { row in spans(of: row).map { number(ofSpan: $0, of: row) } }
        columns.add(numbers.map { UInt16(truncatingIfNeeded: $0) })
        // Left out as long as all numbers fit into the lower halves.
        columns.add(numbers.contains { $0 >> 16 != 0 } ? numbers.map { UInt16($0 >> 16) } : [])
        columns.add(spanColumns.ownVectors)
        columns.add(spanColumns.ownPlaces)
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
            baseID: baseID[0], idOffsets: AscendingColumn(idOffsets),
            sounds: SoundColumn(durations: durations, facts: facts), added: RunColumn(added),
            directories: RunColumn(directories), nameEnds: AscendingColumn(nameEnds), names: names,
            spanEnds: AscendingColumn(spanEnds), fileVectors: fileVectors,
            spanColumns: SpanColumns(
                codes: codes, numbers: numbers, ends: spanEnds, ownVectors: ownVectors, ownPlaces: ownPlaces))
    }

    /// Whether numbers say where each of some things ends, that together are so many.
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
