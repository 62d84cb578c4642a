import TimbreCodes
import TimbreDescriptors

/// The files of a segment, ascending by number, in columns.
///
/// A file takes 31 bytes, its vector's 128 and its name, and 12 more where another time or directory begins.
struct FileColumns: Sendable {
    /// The number of the first file.
    private(set) var baseID: Int64 = 0
    /// The number of each file, less that of the first one.
    private(set) var idOffsets = AscendingColumn()
    private(set) var sounds = SoundColumn()
    /// When each file was first seen, in seconds since 1970.
    private(set) var added = RunColumn<Double>()
    /// The place of each file's directory in the table of directories.
    private(set) var directories = RunColumn<Int32>()
    /// The names of the files, one after the other.
    private(set) var names: [UInt8] = []
    /// Where each file's name ends in ``names``; it starts where the name before it ends.
    private(set) var nameEnds = AscendingColumn()
    /// Where the spans of each file end; they start where those of the file before it end.
    private(set) var spanEnds = AscendingColumn()
    /// What each file sounds like as a whole.
    private(set) var vectors = VectorColumns()
    /// The steps of each file's figures; all are 0 where they are not known.
    private(set) var figures: [SIMD8<UInt16>] = []

    init() {}

    /// Files of which each column tells something.
    ///
    /// - Precondition: All columns but the names have one element for each file.
    init(
        baseID: Int64, idOffsets: AscendingColumn, sounds: SoundColumn, added: RunColumn<Double>,
        directories: RunColumn<Int32>, names: [UInt8], nameEnds: AscendingColumn, spanEnds: AscendingColumn,
        vectors: VectorColumns, figures: [SIMD8<UInt16>]
    ) {
        let counts = [
            sounds.count, added.count, directories.count, nameEnds.count, spanEnds.count, vectors.count, figures.count,
        ]
        precondition(counts.allSatisfy { $0 == idOffsets.count })
        (self.baseID, self.idOffsets, self.sounds, self.added) = (baseID, idOffsets, sounds, added)
        (self.directories, self.names, self.nameEnds) = (directories, names, nameEnds)
        (self.spanEnds, self.vectors, self.figures) = (spanEnds, vectors, figures)
    }

    var count: Int { idOffsets.count }

    func id(_ row: Int) -> Int64 { baseID + Int64(idOffsets[row]) }

    func name(_ row: Int) -> ArraySlice<UInt8> { names[(row == 0 ? 0 : nameEnds[row - 1])..<nameEnds[row]] }

    /// The first row of a file with this number or a higher one.
    ///
    /// - Complexity: O(log *n*).
    func firstRow(from id: Int64) -> Int { (0..<count).partitioningIndex { self.id($0) >= id } }

    /// Where the spans of a file are.
    func spans(of row: Int) -> Range<Int> { (row == 0 ? 0 : spanEnds[row - 1])..<spanEnds[row] }

    /// The row of the file that a span belongs to.
    ///
    /// - Parameter first: A row that is not behind it; the nearer, the faster.
    /// - Complexity: O(log *n*) in the number of rows between.
    func row(ofSpan place: Int, from first: Int = 0) -> Int {
        var (start, step) = (first, 1)
        while start + step <= count, spanEnds[start + step - 1] <= place {
            start += step
            step *= 2
        }
        return spanEnds.firstPlace(above: place, in: start..<min(start + step, count))
    }

    /// How far a number is above that of the first file; nil if it is not, or too far.
    func offset(of id: Int64) -> Int? {
        let (offset, isTooFar) = id.subtractingReportingOverflow(baseID)
        return isTooFar || !(0...Int64(UInt32.max)).contains(offset) ? nil : Int(offset)
    }

    /// Adds a file whose number is above all others here, and whose spans end at a place.
    ///
    /// - Precondition: Its number has an ``offset(of:)``.
    mutating func append(_ file: IndexedFile, directory: Int32, spanEnd: Int) {
        append(
            id: file.id, duration: file.duration, added: file.added,
            SoundFacts(channelCount: file.channelCount, sampleCount: file.sampleCount, isOffline: file.isOffline),
            directory: directory, name: file.name[...], spanEnd: spanEnd, vector: file.vector,
            figures: file.figures?.steps ?? SIMD8())
    }

    /// Adds a file of other columns, whose number is above all others here, and whose spans end at a place.
    ///
    /// - Precondition: Its number has an ``offset(of:)``.
    mutating func append(_ row: Int, of other: FileColumns, spanEnd: Int) {
        append(
            id: other.id(row), duration: other.sounds.duration(row), added: other.added[row], other.sounds.facts(row),
            directory: other.directories[row], name: other.name(row), spanEnd: spanEnd, vector: other.vectors[row],
            figures: other.figures[row])
    }

    private mutating func append(
        id: Int64, duration: Double, added: Double, _ facts: SoundFacts, directory: Int32, name: ArraySlice<UInt8>,
        spanEnd: Int, vector: TimbreVector?, figures: SIMD8<UInt16>
    ) {
        precondition(count == 0 || self.id(count - 1) < id, "files ascend by number")
        if count == 0 { baseID = id }
        idOffsets.append(Int(id - baseID))
        sounds.append(duration: duration, facts)
        self.added.append(added)
        directories.append(directory)
        names += name
        nameEnds.append(names.count)
        spanEnds.append(spanEnd)
        vectors.append(vector)
        self.figures.append(figures)
    }

    mutating func setFigures(_ figures: SoundFigures?, _ row: Int) { self.figures[row] = figures?.steps ?? SIMD8() }

    mutating func setOffline(_ isOffline: Bool, _ row: Int) { sounds.setOffline(isOffline, row) }

    mutating func rename(_ row: Int, to name: [UInt8], directory: Int32) {
        let old = self.name(row).indices
        names.replaceSubrange(old, with: name)
        nameEnds.shift(from: row, by: name.count - old.count)
        directories.set(directory, at: row)
    }

    /// Keeps the first files, and drops the others.
    mutating func truncate(to newCount: Int) {
        idOffsets.truncate(to: newCount)
        sounds.truncate(to: newCount)
        added.truncate(to: newCount)
        directories.truncate(to: newCount)
        nameEnds.truncate(to: newCount)
        names.removeLast(names.count - (nameEnds.last ?? 0))
        spanEnds.truncate(to: newCount)
        vectors.truncate(to: newCount)
        figures.removeLast(figures.count - newCount)
    }

    /// Bytes that the files take.
    var byteCount: Int {
        idOffsets.byteCount + sounds.byteCount + added.byteCount + directories.byteCount + names.byteCount
            + nameEnds.byteCount + spanEnds.byteCount + vectors.byteCount + figures.byteCount
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        idOffsets.trim()
        sounds.trim()
        added.trim()
        directories.trim()
        names.trim()
        nameEnds.trim()
        spanEnds.trim()
        vectors.trim()
        figures.trim()
    }
}
