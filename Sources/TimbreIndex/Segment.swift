import TimbreCoding

/// Some thousand files, ascending by number, in columns without an object for each file.
///
/// A file takes 15 bytes, its vector's 128 and its name; for its spans see ``SpanColumns``.
struct Segment: Sendable {
    /// A segment with so many files or spans takes no more; a single file may have more spans.
    static let fileLimit = 4096
    static let spanLimit = 65536

    // One element for each file.
    /// The number of each file, less that of the first one.
    private(set) var idOffsets = AscendingColumn()
    private(set) var sounds = SoundColumn()
    /// When each file was first seen, in seconds since 1970.
    private(set) var added = RunColumn<Double>()
    /// The place of each file's directory in the table of directories.
    private(set) var directories = RunColumn<Int32>()
    /// Where each file's name ends in ``names``; it starts where the name before it ends.
    private(set) var nameEnds = AscendingColumn()
    /// Where the spans of each file end; they start where those of the file before it end.
    private(set) var spanEnds = AscendingColumn()
    /// What each file sounds like as a whole.
    private(set) var fileVectors = VectorColumns()

    private(set) var spanColumns = SpanColumns()

    /// The number of the first file.
    private(set) var baseID: Int64 = 0
    /// The names of the files, one after the other.
    private(set) var names: [UInt8] = []

    init() {}

    /// Files of which each column tells something.
    ///
    /// - Precondition: All columns but the names and the spans have one element for each file.
    init(
        baseID: Int64, idOffsets: AscendingColumn, sounds: SoundColumn, added: RunColumn<Double>,
        directories: RunColumn<Int32>, nameEnds: AscendingColumn, names: [UInt8], spanEnds: AscendingColumn,
        fileVectors: VectorColumns, spanColumns: SpanColumns
    ) {
        let counts = [sounds.count, added.count, directories.count, nameEnds.count, spanEnds.count, fileVectors.count]
        precondition(counts.allSatisfy { $0 == idOffsets.count })
        (self.baseID, self.idOffsets, self.sounds, self.added) = (baseID, idOffsets, sounds, added)
        (self.directories, self.nameEnds, self.names) = (directories, nameEnds, names)
        (self.spanEnds, self.fileVectors, self.spanColumns) = (spanEnds, fileVectors, spanColumns)
    }

    var fileCount: Int { idOffsets.count }
    var spanCount: Int { spanColumns.count }
    var codes: CodePlanes { spanColumns.codes }
    var lastID: Int64? { fileCount == 0 ? nil : id(of: fileCount - 1) }

    /// The numbers of the files, ascending.
    var ids: [Int64] { (0..<fileCount).map(id) }

    /// Bytes that all columns take.
    var byteCount: Int {
        idOffsets.byteCount + sounds.byteCount + added.byteCount + directories.byteCount + nameEnds.byteCount
            + names.byteCount + spanEnds.byteCount + fileVectors.byteCount + spanColumns.byteCount
    }

    // MARK: Files

    func id(of row: Int) -> Int64 { baseID + Int64(idOffsets[row]) }

    func name(of row: Int) -> ArraySlice<UInt8> { names[(row == 0 ? 0 : nameEnds[row - 1])..<nameEnds[row]] }

    /// The row of a file; nil if it is not here.
    ///
    /// - Complexity: O(log *n*).
    func row(of id: Int64) -> Int? {
        let row = firstRow(from: id)
        return row < fileCount && self.id(of: row) == id ? row : nil
    }

    /// The first row of a file with this number or a higher one.
    func firstRow(from id: Int64) -> Int { (0..<fileCount).partitioningIndex { self.id(of: $0) >= id } }

    // MARK: Spans

    /// Where the spans of a file are.
    func spans(of row: Int) -> Range<Int> { (row == 0 ? 0 : spanEnds[row - 1])..<spanEnds[row] }

    /// The row of the file that a span belongs to.
    ///
    /// - Parameter first: A row that is not behind it; the nearer, the faster.
    /// - Complexity: O(log *n*) in the number of rows between.
    func row(ofSpan place: Int, from first: Int = 0) -> Int {
        var (start, step) = (first, 1)
        while start + step <= fileCount, spanEnds[start + step - 1] <= place {
            start += step
            step *= 2
        }
        return spanEnds.firstPlace(above: place, in: start..<min(start + step, fileCount))
    }

    func span(at place: Int, of row: Int) -> IndexedSpan {
        IndexedSpan(
            number: number(ofSpan: place, of: row), code: codes[place],
            vector: spanColumns.ownIndex(place).map { spanColumns.ownVectors[$0] } ?? fileVectors[row])
    }

    /// Which of its file's spans one is.
    func number(ofSpan place: Int, of row: Int) -> Int {
        spanColumns.number(place, ofFileFrom: spans(of: row).lowerBound)
    }

    /// What a span sounds like; nil if that is not known.
    ///
    /// - Complexity: O(log *n*).
    func vector(ofSpan place: Int) -> TimbreVector? {
        if let index = spanColumns.ownIndex(place) { return spanColumns.ownVectors[index] }
        return fileVectors[row(ofSpan: place)]
    }

    /// Whether the file has one span, whose vector is the file's.
    func hasSharedVector(_ row: Int) -> Bool {
        let spans = spans(of: row)
        return spans.count == 1 && spanColumns.ownIndex(spans.lowerBound) == nil
    }

    // MARK: Changes

    /// Whether a file of this number, which is above all others here, finds room with so many spans.
    func hasRoom(for id: Int64, spans count: Int) -> Bool {
        guard fileCount > 0 else { return true }
        let (offset, isTooFar) = id.subtractingReportingOverflow(baseID)
        return fileCount < Self.fileLimit && spanCount + count <= Self.spanLimit && !isTooFar
            && offset <= UInt32.max
    }

    /// Adds a file whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ file: IndexedFile, directory: Int32) {
        append(
            id: file.id, duration: file.duration, added: file.added,
            SoundFacts(channelCount: file.channelCount, sampleCount: file.sampleCount, isOffline: file.isOffline),
            directory: directory, name: file.name[...], vector: file.vector)
        let spans = file.spans.filter { !$0.isEmpty }
        append(spans, hasFileVector: spans.count == 1 && spans[0].vector == file.vector)
    }

    /// Adds a file of another segment, whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ row: Int, of other: Segment) {
        append(
            id: other.id(of: row), duration: other.sounds.duration(row), added: other.added[row],
            other.sounds.facts(row), directory: other.directories[row], name: other.name(of: row),
            vector: other.fileVectors[row])
        let spans = other.spans(of: row).map { other.span(at: $0, of: row) }
        append(spans, hasFileVector: other.hasSharedVector(row))
    }

    private mutating func append(
        id: Int64, duration: Double, added: Double, _ facts: SoundFacts, directory: Int32, name: ArraySlice<UInt8>,
        vector: TimbreVector?
    ) {
        precondition(lastID.map { $0 < id } ?? true, "files ascend by number")
        if fileCount == 0 { baseID = id }
        idOffsets.append(Int(id - baseID))
        sounds.append(duration: duration, facts)
        self.added.append(added)
        directories.append(directory)
        names += name
        nameEnds.append(names.count)
        fileVectors.append(vector)
    }

    /// Adds the spans of the last file.
    private mutating func append(_ spans: [IndexedSpan], hasFileVector: Bool) {
        let first = spanCount
        for span in spans { spanColumns.append(span, ofFileFrom: first, hasFileVector: hasFileVector) }
        spanEnds.append(spanCount)
    }

    mutating func setOffline(_ isOffline: Bool, row: Int) { sounds.setOffline(isOffline, row) }

    mutating func rename(_ row: Int, to name: [UInt8], directory: Int32) {
        let old = self.name(of: row).indices
        names.replaceSubrange(old, with: name)
        nameEnds.shift(from: row, by: name.count - old.count)
        directories.set(directory, at: row)
    }

    /// Gives all spans other codes; see ``SpanColumns/recode(_:)``.
    mutating func recode(_ codes: CodePlanes) { spanColumns.recode(codes) }

    /// Takes the last rows away, from one on.
    ///
    /// - Returns: These rows.
    mutating func splitTail(from row: Int) -> Segment {
        var tail = Segment()
        for row in row..<fileCount { tail.append(row, of: self) }
        truncate(to: row)
        return tail
    }

    private mutating func truncate(to row: Int) {
        guard row < fileCount else { return }
        idOffsets.truncate(to: row)
        sounds.truncate(to: row)
        added.truncate(to: row)
        directories.truncate(to: row)
        nameEnds.truncate(to: row)
        names.removeLast(names.count - (nameEnds.last ?? 0))
        spanEnds.truncate(to: row)
        fileVectors.truncate(to: row)
        spanColumns.truncate(to: spanEnds.last ?? 0)
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        idOffsets.trim()
        sounds.trim()
        added.trim()
        directories.trim()
        nameEnds.trim()
        names.trim()
        spanEnds.trim()
        fileVectors.trim()
        spanColumns.trim()
    }
}
