/// Numbers of 32 bits that never fall: 2 bytes each, and 8 wherever the upper 16 bits change.
struct AscendingColumn: Sendable {
    /// Where the upper half of the numbers becomes another.
    private struct Step {
        var place: UInt32
        var upper: UInt32
    }

    /// The lower half of each number.
    private var lower: [UInt16] = []
    /// Ascending; before the first one the upper half is 0.
    private var steps: [Step] = []

    init() {}

    /// - Precondition: The numbers never fall.
    init(_ numbers: [UInt32]) {
        lower = numbers.map { UInt16(truncatingIfNeeded: $0) }
        guard let last = numbers.last, last >> 16 != 0 else { return }
        for (place, number) in numbers.enumerated() { noteUpper(number >> 16, at: place) }
    }

    var count: Int { lower.count }

    var last: Int? { lower.isEmpty ? nil : self[count - 1] }

    subscript(place: Int) -> Int { steps.isEmpty ? Int(lower[place]) : upper(at: place) << 16 | Int(lower[place]) }

    private func upper(at place: Int) -> Int {
        let next = steps.partitioningIndex { $0.place > place }
        return next == 0 ? 0 : Int(steps[next - 1].upper)
    }

    /// All numbers.
    var numbers: [UInt32] {
        if steps.isEmpty { return lower.map { UInt32($0) } }
        return lower.indices.map { UInt32(self[$0]) }
    }

    /// - Precondition: The number is not below the last one, and below 2³².
    mutating func append(_ number: Int) {
        noteUpper(UInt32(number) >> 16, at: count)
        lower.append(UInt16(truncatingIfNeeded: number))
    }

    private mutating func noteUpper(_ upper: UInt32, at place: Int) {
        if upper != steps.last?.upper ?? 0 { steps.append(Step(place: UInt32(place), upper: upper)) }
    }

    /// Adds as much, which may be negative, to all numbers from a place on.
    mutating func shift(from place: Int, by growth: Int) {
        let shifted = (place..<count).map { self[$0] + growth }
        truncate(to: place)
        for number in shifted { append(number) }
    }

    /// Keeps the first numbers, and drops the others.
    mutating func truncate(to newCount: Int) {
        lower.removeLast(count - newCount)
        while let step = steps.last, step.place >= newCount { steps.removeLast() }
    }

    /// The first place, of some, whose number is greater than another.
    ///
    /// - Returns: The end of the places if there is none.
    /// - Complexity: O(log *n*).
    func firstPlace(above number: Int, in places: Range<Int>) -> Int {
        places.partitioningIndex { self[$0] > number }
    }

    /// Bytes that the numbers take.
    var byteCount: Int { lower.byteCount + steps.byteCount }

    /// Gives back memory that was kept for more numbers.
    mutating func trim() {
        lower.trim()
        steps.trim()
    }
}

/// Values that mostly equal the one before: 2 bytes each, and each run's value once.
struct RunColumn<Value: Equatable & BitwiseCopyable & Sendable>: Sendable {
    /// Which of the values each has.
    private var choices: [UInt16] = []
    /// Some may be chosen by none.
    private(set) var values: [Value] = []

    init() {}

    init(_ values: [Value]) {
        choices.reserveCapacity(values.count)
        for value in values { append(value) }
    }

    var count: Int { choices.count }

    subscript(place: Int) -> Value { values[Int(choices[place])] }

    /// - Precondition: There are fewer than 2¹⁵ values.
    mutating func append(_ value: Value) {
        if choices.isEmpty || values[values.count - 1] != value { values.append(value) }
        choices.append(UInt16(values.count - 1))
    }

    mutating func set(_ value: Value, at place: Int) {
        if let known = values.firstIndex(of: value) {
            choices[place] = UInt16(known)
        } else {
            values.append(value)
            choices[place] = UInt16(values.count - 1)
            // Values that nothing chooses any longer would pile up.
            if values.count > 2 * count { self = RunColumn(choices.map { values[Int($0)] }) }
        }
    }

    /// Keeps the first values, and drops the others.
    mutating func truncate(to newCount: Int) {
        guard newCount < count else { return }
        choices.removeLast(count - newCount)
        values.removeLast(values.count - (choices.max().map { Int($0) + 1 } ?? 0))
    }

    /// Bytes that the values take.
    var byteCount: Int { choices.byteCount + values.byteCount }

    /// Gives back memory that was kept for more values.
    mutating func trim() {
        choices.trim()
        values.trim()
    }
}

extension Array {
    /// Bytes that the elements take.
    var byteCount: Int { count * MemoryLayout<Element>.stride }

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
