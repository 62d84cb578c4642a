/// Puts files that come ascending by number into segments.
struct SegmentBuilder {
    private var segments: [Segment] = []
    private let fileLimit: Int
    private let spanLimit: Int

    /// Expects so many files and spans: all go into one segment if it holds them, and else into segments that have room
    /// for what may come between.
    init(fileCount: Int, spanCount: Int) {
        let isOne = fileCount <= Segment.fileLimit && spanCount <= Segment.spanLimit
        fileLimit = isOne ? Segment.fileLimit : Segment.fileLimit * 3 / 4
        spanLimit = isOne ? Segment.spanLimit : Segment.spanLimit * 3 / 4
    }

    mutating func append(_ file: IndexedFile, directory: Int32) {
        open(for: file.id, spans: file.spans.count)
        segments[segments.count - 1].append(file, directory: directory)
    }

    mutating func append(_ row: Int, of segment: Segment) {
        open(for: segment.id(of: row), spans: segment.spans(of: row).count)
        segments[segments.count - 1].append(row, of: segment)
    }

    private mutating func open(for id: Int64, spans count: Int) {
        if let last = segments.last, last.fileCount < fileLimit, last.spanCount + count <= spanLimit,
            last.hasRoom(for: id, spans: count)
        {
            return
        }
        if !segments.isEmpty { segments[segments.count - 1].trim() }
        segments.append(Segment())
    }

    /// The segments, none of them empty.
    consuming func finish() -> [Segment] {
        if !segments.isEmpty { segments[segments.count - 1].trim() }
        return segments
    }
}
