/// Puts files that come ascending by number into segments.
struct SegmentBuilder {
    private var segments: [Segment] = []
    private let fileLimit: Int
    private let spanLimit: Int

    /// Expects a number of files and spans: all go into one segment if it can hold them, otherwise into segments with room
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

/// Makes an index of the same files under other codes, which shares all but the codes with the old one.
///
/// That takes 16 bytes a span where a second index would take as much as the first.
package struct IndexRecoding {
    private var index: TimbreIndex
    private var segment = 0
    private var row = 0
    private var codes = CodePlanes()
    private var isFitting = true

    package init(_ index: TimbreIndex) { self.index = index }

    /// Gives the next file its codes.
    ///
    /// - Parameter spans: Its spans that have a bit.
    package mutating func append(_ id: Int64, _ spans: some Collection<IndexedSpan>) {
        guard isFitting, segment < index.segments.count, index.segments[segment].id(of: row) == id else {
            isFitting = false
            return
        }
        let places = index.segments[segment].spans(of: row)
        isFitting = places.count == spans.count
        for (place, span) in zip(places, spans) {
            isFitting = isFitting && index.segments[segment].number(ofSpan: place, of: row) == span.number
            codes.append(span.code)
        }
        row += 1
        if row == index.segments[segment].fileCount { closeSegment() }
    }

    private mutating func closeSegment() {
        codes.trim()
        if isFitting { index.segments[segment].recode(codes) }
        (segment, row, codes) = (segment + 1, 0, CodePlanes())
    }

    /// The new index; nil if the files or their spans were not those of the old one.
    package func finish() -> TimbreIndex? { isFitting && segment == index.segments.count ? index : nil }
}
