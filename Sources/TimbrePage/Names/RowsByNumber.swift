/// The rows of a table by the numbers of their files.
struct RowsByNumber {
    /// Ascending.
    private var numbers: [Int64] = []
    /// The row of each.
    private var rows: [UInt32] = []

    init() {}

    /// - Parameter numbers: Those of all rows, in the rows' order; none comes twice.
    init(_ numbers: [Int64]) {
        rows = numbers.indices.map { UInt32($0) }.sorted { numbers[Int($0)] < numbers[Int($1)] }
        self.numbers = rows.map { numbers[Int($0)] }
    }

    /// The row of a file; nil if there is none.
    ///
    /// - Complexity: O(log *n*).
    subscript(number: Int64) -> Int? {
        let place = place(of: number)
        return place < numbers.count && numbers[place] == number ? Int(rows[place]) : nil
    }

    /// Notes that a file is in a row, and in no other any more.
    mutating func set(_ row: Int, for number: Int64) {
        let place = place(of: number)
        if place < numbers.count, numbers[place] == number {
            rows[place] = UInt32(row)
        } else {
            numbers.insert(number, at: place)
            rows.insert(UInt32(row), at: place)
        }
    }

    /// The place of the first number that is not smaller.
    private func place(of number: Int64) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
