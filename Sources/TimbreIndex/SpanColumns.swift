/// The spans of a segment's files, file by file, in columns.
///
/// A span takes 17 bytes, 132 more for its vector unless that is its file's, and 8 more where the spans before it in its
/// file are not all there.
struct SpanColumns: Sendable {
    /// A span whose number is not the one after the span before, or that comes first and has not the number 0.
    private struct Leap {
        var place: UInt32
        var number: UInt32
    }

    private(set) var codes = CodePlanes()
    /// Ascending by place.
    private var leaps: [Leap] = []

    // One element for each span whose vector is not its file's.
    /// What each of these spans sounds like.
    private(set) var ownVectors = VectorColumns()
    /// Which span each of these is, ascending.
    private(set) var ownPlaces: [UInt32] = []

    init() {}

    /// The spans that columns tell of.
    ///
    /// - Parameters:
    ///   - numbers: Which of its file's spans each is.
    ///   - ends: Where the spans of each file end.
    init(codes: CodePlanes, numbers: [UInt32], ends: [UInt32], ownVectors: VectorColumns, ownPlaces: [UInt32]) {
        precondition(codes.count == numbers.count && ownVectors.count == ownPlaces.count)
        (self.codes, self.ownVectors, self.ownPlaces) = (codes, ownVectors, ownPlaces)
        var place = 0
        for end in ends {
            var next: UInt64 = 0
            while place < end {
                if UInt64(numbers[place]) != next { leaps.append(Leap(place: UInt32(place), number: numbers[place])) }
                next = UInt64(numbers[place]) + 1
                place += 1
            }
        }
    }

    var count: Int { codes.count }

    /// Adds a span.
    ///
    /// - Parameters:
    ///   - first: Where the spans of its file begin.
    ///   - hasFileVector: Whether its vector is its file's, and is not to be kept once more.
    /// - Precondition: The span's number lies in 0..<2³².
    mutating func append(_ span: IndexedSpan, ofFileFrom first: Int, hasFileVector: Bool) {
        if !hasFileVector {
            ownVectors.append(span.vector)
            ownPlaces.append(UInt32(count))
        }
        if span.number != (count == first ? 0 : number(count - 1, ofFileFrom: first) + 1) {
            leaps.append(Leap(place: UInt32(count), number: UInt32(span.number)))
        }
        codes.append(span.code)
    }

    /// Which of its file's spans one is.
    ///
    /// - Parameter first: Where the spans of its file begin.
    func number(_ place: Int, ofFileFrom first: Int) -> Int {
        if leaps.isEmpty { return place - first }
        let next = leaps.partitioningIndex { $0.place > place }
        guard next > 0, case let leap = leaps[next - 1], leap.place >= first else { return place - first }
        return Int(leap.number) + place - Int(leap.place)
    }

    /// Where the vector of a span is among those that are not the files'; nil if it is the file's.
    func ownIndex(_ place: Int) -> Int? {
        let index = ownPlaces.partitioningIndex { $0 >= place }
        return index < ownPlaces.count && ownPlaces[index] == place ? index : nil
    }

    /// Whether there is a file of one span, whose vector is the file's.
    var hasSharedVectors: Bool { ownPlaces.count < count }

    /// Gives all spans other codes.
    ///
    /// - Precondition: There are as many.
    mutating func recode(_ codes: CodePlanes) {
        precondition(codes.count == count)
        self.codes = codes
    }

    /// Keeps the first spans, and drops the others.
    mutating func truncate(to newCount: Int) {
        let ownCount = ownPlaces.partitioningIndex { $0 >= newCount }
        codes.truncate(to: newCount)
        ownVectors.truncate(to: ownCount)
        ownPlaces.removeLast(ownPlaces.count - ownCount)
        while let leap = leaps.last, leap.place >= newCount { leaps.removeLast() }
    }

    /// Bytes that the spans take.
    var byteCount: Int { codes.words.byteCount + leaps.byteCount + ownVectors.byteCount + ownPlaces.byteCount }

    /// Gives back memory that was kept for more spans.
    mutating func trim() {
        codes.trim()
        leaps.trim()
        ownVectors.trim()
        ownPlaces.trim()
    }
}
