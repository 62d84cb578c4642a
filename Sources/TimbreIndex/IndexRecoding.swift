import TimbreCoding

/// Makes an index of the same files under other codes, of which all but the codes is shared with the old one.
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
