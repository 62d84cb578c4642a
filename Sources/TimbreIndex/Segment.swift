import TimbreCodes

/// Some thousand files, ascending by number, and their spans, in columns without an object for each file.
struct Segment: Sendable {
    /// A segment with so many files or spans takes no more; a single file may have more spans.
    static let fileLimit = 4096
    static let spanLimit = 65536

    private(set) var files = FileColumns()
    /// Where the spans of each file end; they start where those of the file before it end.
    private(set) var spanEnds = AscendingColumn()
    private(set) var spans = SpanColumns()

    init() {}

    /// - Precondition: There is an end for each file, and the last is that of all spans.
    init(files: FileColumns, spanEnds: AscendingColumn, spans: SpanColumns) {
        precondition(spanEnds.count == files.count && spanEnds.last ?? 0 == spans.count)
        (self.files, self.spanEnds, self.spans) = (files, spanEnds, spans)
    }

    var fileCount: Int { files.count }
    var spanCount: Int { spans.count }
    var lastID: Int64? { fileCount == 0 ? nil : id(of: fileCount - 1) }

    /// The numbers of the files, ascending.
    var ids: [Int64] { (0..<fileCount).map(id) }

    /// Bytes that all columns take.
    var byteCount: Int { files.byteCount + spanEnds.byteCount + spans.byteCount }

    func id(of row: Int) -> Int64 { files.id(row) }

    /// The row of a file; nil if it is not here.
    ///
    /// - Complexity: O(log *n*).
    func row(of id: Int64) -> Int? {
        let row = files.firstRow(from: id)
        return row < fileCount && self.id(of: row) == id ? row : nil
    }

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
            number: number(ofSpan: place, of: row), code: spans.codes[place], vector: vector(ofSpan: place))
    }

    /// Which of its file's spans one is.
    func number(ofSpan place: Int, of row: Int) -> Int { spans.number(place, ofFileFrom: spans(of: row).lowerBound) }

    /// What a span sounds like; nil if that is not known.
    ///
    /// - Complexity: O(log *n*).
    func vector(ofSpan place: Int) -> TimbreVector? {
        if let index = spans.ownIndex(place) { return spans.ownVectors[index] }
        return files.vectors[row(ofSpan: place)]
    }

    /// Whether the file has one span, whose vector is the file's.
    func hasSharedVector(_ row: Int) -> Bool {
        let own = spans(of: row)
        return own.count == 1 && spans.ownIndex(own.lowerBound) == nil
    }

    /// Whether a file of this number, which is above all others here, finds room with so many spans.
    func hasRoom(for id: Int64, spans count: Int) -> Bool {
        fileCount == 0
            || fileCount < Self.fileLimit && spanCount + count <= Self.spanLimit && files.offset(of: id) != nil
    }

    /// Adds a file whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ file: IndexedFile, directory: Int32) {
        files.append(file, directory: directory)
        let spans = file.spans.filter { !$0.isEmpty }
        append(spans, hasFileVector: spans.count == 1 && spans[0].vector == file.vector)
    }

    /// Adds a file of another segment, whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ row: Int, of other: Segment) {
        files.append(row, of: other.files)
        let spans = other.spans(of: row).map { other.span(at: $0, of: row) }
        append(spans, hasFileVector: other.hasSharedVector(row))
    }

    /// Adds the spans of the last file.
    private mutating func append(_ new: [IndexedSpan], hasFileVector: Bool) {
        let first = spanCount
        for span in new { spans.append(span, ofFileFrom: first, hasFileVector: hasFileVector) }
        spanEnds.append(spanCount)
    }

    mutating func setOffline(_ isOffline: Bool, row: Int) { files.setOffline(isOffline, row) }

    mutating func rename(_ row: Int, to name: [UInt8], directory: Int32) {
        files.rename(row, to: name, directory: directory)
    }

    /// Gives all spans other codes; see ``SpanColumns/recode(_:)``.
    mutating func recode(_ codes: CodePlanes) { spans.recode(codes) }

    /// Takes the last rows away, from one on.
    ///
    /// - Returns: These rows.
    mutating func splitTail(from row: Int) -> Segment {
        var tail = Segment()
        for row in row..<fileCount { tail.append(row, of: self) }
        files.truncate(to: row)
        spanEnds.truncate(to: row)
        spans.truncate(to: spanEnds.last ?? 0)
        return tail
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        files.trim()
        spanEnds.trim()
        spans.trim()
    }
}
