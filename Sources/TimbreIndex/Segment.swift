import TimbreCodes
import TimbreDescriptors

/// Some thousand files, ascending by number, and their spans, in columns without an object for each file.
struct Segment: Sendable {
    /// How many files and spans a segment takes; a file that stands alone may have more spans.
    static let fileLimit = 4096
    static let spanLimit = 65536

    private(set) var files = FileColumns()
    private(set) var spans = SpanColumns()

    init() {}

    /// - Precondition: The spans of the last file end where all end.
    init(files: FileColumns, spans: SpanColumns) {
        precondition(files.spanEnds.last ?? 0 == spans.count)
        (self.files, self.spans) = (files, spans)
    }

    var fileCount: Int { files.count }
    var spanCount: Int { spans.count }
    var lastID: Int64? { fileCount == 0 ? nil : id(of: fileCount - 1) }

    /// The numbers of the files, ascending.
    var ids: [Int64] { (0..<fileCount).map(id) }

    /// Bytes that all columns take.
    var byteCount: Int { files.byteCount + spans.byteCount }

    func id(of row: Int) -> Int64 { files.id(row) }

    /// The row of a file; nil if it is not here.
    ///
    /// - Complexity: O(log *n*).
    func row(of id: Int64) -> Int? {
        let row = files.firstRow(from: id)
        return row < fileCount && self.id(of: row) == id ? row : nil
    }

    /// Where the spans of a file are.
    func spans(of row: Int) -> Range<Int> { files.spans(of: row) }

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
        return files.vectors[files.row(ofSpan: place)]
    }

    /// Whether the file has one span, whose vector is the file's.
    func hasSharedVector(_ row: Int) -> Bool {
        let own = spans(of: row)
        return own.count == 1 && spans.ownIndex(own.lowerBound) == nil
    }

    /// When a span of a file is heard, in seconds.
    func time(ofSpan place: Int, of row: Int) -> (start: Double, end: Double) {
        let span = TimbreSpan(number: number(ofSpan: place, of: row), code: .empty)
        return (span.start, span.end(sampleCount: files.sounds.sampleCount(row)))
    }

    /// Whether there is room for a file with this number, which is above all others here, and this many spans.
    func hasRoom(for id: Int64, spans count: Int) -> Bool {
        fileCount == 0
            || fileCount < Self.fileLimit && spanCount + count <= Self.spanLimit && files.offset(of: id) != nil
    }

    /// Adds a file whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ file: IndexedFile, directory: Int32) {
        let spans = file.spans.filter { !$0.isEmpty }
        append(spans, hasFileVector: spans.count == 1 && spans[0].vector == file.vector)
        files.append(file, directory: directory, spanEnd: spanCount)
    }

    /// Adds a file of another segment, whose number is above all others here.
    ///
    /// - Precondition: There is room for it.
    mutating func append(_ row: Int, of other: Segment) {
        append(
            other.spans(of: row).map { other.span(at: $0, of: row) }, hasFileVector: other.hasSharedVector(row))
        files.append(row, of: other.files, spanEnd: spanCount)
    }

    /// Adds the spans of the next file.
    private mutating func append(_ new: [IndexedSpan], hasFileVector: Bool) {
        let first = spanCount
        for span in new { spans.append(span, ofFileFrom: first, hasFileVector: hasFileVector) }
    }

    mutating func setOffline(_ isOffline: Bool, row: Int) { files.setOffline(isOffline, row) }

    mutating func setFigures(_ figures: SoundFigures?, row: Int) { files.setFigures(figures, row) }

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
        spans.truncate(to: files.spanEnds.last ?? 0)
        return tail
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        files.trim()
        spans.trim()
    }
}
