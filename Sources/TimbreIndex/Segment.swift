import TimbreCoding

/// Some thousand files, ascending by number, in columns without an object for each file.
///
/// A file takes 48 bytes, four more, its vector's 64 and its name; a span takes 23 and the 64 of its vector.
struct Segment: Sendable {
    /// A segment with so many files or spans takes no more; a single file may have more spans.
    static let fileLimit = 4096
    static let spanLimit = 65536

    /// What is known of a file, except its name and spans.
    struct Row: Sendable {
        var id: Int64
        var duration: Double
        var added: Double
        var sampleCount: Int64
        /// The place of the file's directory in the table of directories.
        var directory: Int32
        /// Where the file's name ends in ``Segment/names``; it starts where the name before it ends.
        var nameEnd: UInt32
        var channelCount: UInt16
        var isOffline: Bool
    }

    private(set) var rows: [Row] = []
    private var names: [UInt8] = []
    /// Where the spans of each file end; they start where those of the file before it end.
    private var spanEnds: [UInt32] = []
    /// What each file sounds like as a whole.
    private(set) var fileVectors = VectorColumns()

    // One element for each span, file by file.
    private(set) var high: [UInt64] = []
    private(set) var low: [UInt64] = []
    /// How many bits each code has.
    private(set) var bitCounts: [UInt8] = []
    /// Which of its file's spans each is.
    private(set) var numbers: [UInt32] = []
    /// Which row each span belongs to.
    private(set) var owners: [UInt16] = []
    /// What each span sounds like.
    private(set) var spanVectors = VectorColumns()

    var spanCount: Int { high.count }
    var firstID: Int64? { rows.first?.id }
    var lastID: Int64? { rows.last?.id }

    /// Whether a file with so many spans finds room.
    func hasRoom(forSpans count: Int) -> Bool {
        rows.isEmpty || (rows.count < Self.fileLimit && spanCount + count <= Self.spanLimit)
    }

    /// Adds a file whose number is above all others here.
    mutating func append(_ file: IndexedFile, directory: Int32) {
        append(
            Row(
                id: file.id, duration: file.duration, added: file.added, sampleCount: Int64(file.sampleCount),
                directory: directory, nameEnd: 0, channelCount: UInt16(clamping: file.channelCount),
                isOffline: file.isOffline),
            name: file.name[...], vector: file.vector)
        for span in file.spans where !span.isEmpty { append(span) }
    }

    /// Adds a file of another segment, whose number is above all others here.
    mutating func append(_ row: Int, of other: Segment) {
        append(other.rows[row], name: other.name(of: row), vector: other.fileVectors[row])
        for place in other.spans(of: row) { append(other.span(at: place)) }
    }

    private mutating func append(_ row: Row, name: ArraySlice<UInt8>, vector: TimbreVector?) {
        precondition(rows.last.map { $0.id < row.id } ?? true, "files ascend by number")
        var row = row
        names += name
        row.nameEnd = UInt32(names.count)
        rows.append(row)
        spanEnds.append(UInt32(spanCount))
        fileVectors.append(vector)
    }

    /// Adds a span to the last file.
    private mutating func append(_ span: IndexedSpan) {
        high.append(span.code.high)
        low.append(span.code.low)
        bitCounts.append(UInt8(span.code.bitCount))
        numbers.append(UInt32(span.number))
        owners.append(UInt16(rows.count - 1))
        spanVectors.append(span.vector)
        spanEnds[rows.count - 1] += 1
    }

    /// The row of a file; nil if it is not here.
    ///
    /// - Complexity: O(log *n*).
    func row(of id: Int64) -> Int? {
        let place = rows.partitioningIndex { $0.id >= id }
        return place < rows.count && rows[place].id == id ? place : nil
    }

    func name(of row: Int) -> ArraySlice<UInt8> {
        names[(row == 0 ? 0 : Int(rows[row - 1].nameEnd))..<Int(rows[row].nameEnd)]
    }

    func spans(of row: Int) -> Range<Int> {
        (row == 0 ? 0 : Int(spanEnds[row - 1]))..<Int(spanEnds[row])
    }

    func code(at place: Int) -> TimbreCode { TimbreCode(high: high[place], low: low[place]) }

    func span(at place: Int) -> IndexedSpan {
        IndexedSpan(number: Int(numbers[place]), code: code(at: place), vector: spanVectors[place])
    }

    mutating func setOffline(_ isOffline: Bool, row: Int) { rows[row].isOffline = isOffline }

    mutating func rename(_ row: Int, to name: [UInt8], directory: Int32) {
        let old = self.name(of: row)
        let growth = Int64(name.count) - Int64(old.count)
        names.replaceSubrange(old.startIndex..<old.endIndex, with: name)
        for place in row..<rows.count { rows[place].nameEnd = UInt32(Int64(rows[place].nameEnd) + growth) }
        rows[row].directory = directory
    }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        rows.trim()
        names.trim()
        spanEnds.trim()
        high.trim()
        low.trim()
        bitCounts.trim()
        numbers.trim()
        owners.trim()
        fileVectors.trim()
        spanVectors.trim()
    }
}

extension Array {
    /// Gives back memory that was kept for more elements.
    mutating func trim() {
        var exact: [Element] = []
        exact.reserveCapacity(count)
        exact += self
        self = exact
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element belongs to the second part, where the elements of the first part come first.
    ///
    /// - Complexity: O(log *n*).
    func partitioningIndex(where belongsInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if belongsInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
