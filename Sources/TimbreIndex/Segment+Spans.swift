import TimbreCoding

extension Segment {
    /// The row of a file; nil if it is not here.
    ///
    /// - Complexity: O(log *n*).
    func row(of id: Int64) -> Int? {
        let place = (0..<fileCount).partitioningIndex { self.id(of: $0) >= id }
        return place < fileCount && self.id(of: place) == id ? place : nil
    }

    /// Where the spans of a file are.
    func spans(of row: Int) -> Range<Int> {
        (row == 0 ? 0 : Int(spanEnds[row - 1]))..<Int(spanEnds[row])
    }

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
        return spanEnds[start..<min(start + step, fileCount)].partitioningIndex { $0 > place }
    }

    func span(at place: Int) -> IndexedSpan {
        IndexedSpan(number: numbers[place], code: codes[place], vector: vector(ofSpan: place))
    }

    /// What a span sounds like; nil if that is not known.
    ///
    /// - Complexity: O(log *n*).
    func vector(ofSpan place: Int) -> TimbreVector? {
        if let index = ownIndex(ofSpan: place) { return ownVectors[index] }
        return fileVectors[row(ofSpan: place)]
    }

    /// Whether the file has one span, whose vector is the file's.
    func hasSharedVector(_ row: Int) -> Bool {
        let spans = spans(of: row)
        return spans.count == 1 && ownIndex(ofSpan: spans.lowerBound) == nil
    }

    /// Whether there is a file of one span, whose vector is the file's.
    var hasSharedVectors: Bool { ownPlaces.count < spanCount }

    /// Where the vector of a span is among those that are not the files'; nil if it is the file's.
    private func ownIndex(ofSpan place: Int) -> Int? {
        let index = ownPlaces.partitioningIndex { $0 >= place }
        return index < ownPlaces.count && ownPlaces[index] == place ? index : nil
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
