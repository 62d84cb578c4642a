/// Numbers of 32 bits, of which two bytes are kept while they are all small enough.
struct NumberColumn: Sendable {
    /// The lower half of each number.
    private(set) var low: [UInt16] = []
    /// The upper half of each number; empty as long as they are all 0.
    private(set) var high: [UInt16] = []

    init() {}

    /// The halves of as many numbers, as another value has them; nil if they do not fit.
    init?(low: [UInt16], high: [UInt16]) {
        guard high.isEmpty || high.count == low.count else { return nil }
        (self.low, self.high) = (low, high)
    }

    var count: Int { low.count }

    subscript(place: Int) -> Int { (high.isEmpty ? 0 : Int(high[place]) << 16) | Int(low[place]) }

    /// - Precondition: The number lies in 0..<2³².
    mutating func append(_ number: Int) {
        let number = UInt32(number)
        low.append(UInt16(truncatingIfNeeded: number))
        if high.isEmpty && number >> 16 != 0 { high = Array(repeating: 0, count: low.count - 1) }
        if !high.isEmpty || number >> 16 != 0 { high.append(UInt16(number >> 16)) }
    }

    /// Keeps the first so many numbers.
    mutating func truncate(to newCount: Int) {
        low.removeLast(low.count - newCount)
        if !high.isEmpty { high.removeLast(high.count - newCount) }
    }

    /// Gives back memory that was kept for more numbers.
    mutating func trim() {
        low.trim()
        high.trim()
    }
}
