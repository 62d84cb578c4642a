import TimbreCodes

/// A way from one sound to another over sounds that lie between them, on which every step is small.
///
/// Of all ways over the sounds that are offered, with no more sounds than wanted, its greatest step is as small as can be;
/// of those with the same greatest step or smaller ones, the sum of its squared steps is. So it takes even steps, and as
/// many as it may where that makes them smaller.
package struct SoundPath: Sendable {
    /// Which of the sounds that were offered it goes over, in order; without the two ends.
    package let places: [Int]
    /// The squares of its steps: one more than there are ``places``.
    package let squaredSteps: [Int]

    /// Finds the way.
    ///
    /// - Parameters:
    ///   - between: The sounds that it may go over.
    ///   - count: How many sounds it has at most, the ends included: 2 or more.
    /// - Complexity: O(*n*² *m*) for *n* sounds and *m* steps, and 4 *n*² bytes.
    package init(from start: TimbreVector, to end: TimbreVector, between: [TimbreVector], count: Int) {
        precondition(count >= 2)
        let nodes = [start] + between + [end]
        let steps = StepTable(nodes)
        let limit = steps.leastGreatestStep(steps: count - 1)
        let way = steps.leastSum(steps: count - 1, limit: limit)
        places = way.dropFirst().dropLast().map { $0 - 1 }
        squaredSteps = zip(way, way.dropFirst()).map { Int(steps[$0, $1]) }
    }
}

/// The squared distances of some sounds from each other, of which the first and the last are the ends of a way.
struct StepTable {
    private let count: Int
    /// Shape `[count, count]`.
    private let squares: [Int32]
    /// More than any sum of steps.
    private static let infinite = Int32.max / 2

    init(_ vectors: [TimbreVector]) {
        count = vectors.count
        var squares = [Int32](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in row + 1..<max(row + 1, count) {
                let square = Int32(vectors[row].squaredDistance(to: vectors[column]))
                squares[row * count + column] = square
                squares[column * count + row] = square
            }
        }
        self.squares = squares
    }

    subscript(row: Int, column: Int) -> Int32 { squares[row * count + column] }

    /// The greatest step of the way, of at most so many steps, whose greatest step is least.
    func leastGreatestStep(steps: Int) -> Int32 {
        var known = [Int32](repeating: Self.infinite, count: count)
        known[0] = 0
        for _ in 0..<steps {
            let before = known
            // What is as great already as the best way to the end helps nobody.
            for row in 0..<count where before[row] < known[count - 1] {
                let own = before[row]
                relax(row, &known) { max(own, $0) }
            }
            if known == before { break }
        }
        return known[count - 1]
    }

    /// The way of at most so many steps, none above a limit, whose sum is least; of equally good ones that of the fewest
    /// steps.
    ///
    /// - Precondition: There is one, and `steps` times the limit is below 2³⁰.
    func leastSum(steps: Int, limit: Int32) -> [Int] {
        // Of each number of steps the least sum to every sound.
        var layers = [[Int32](repeating: Self.infinite, count: count)]
        layers[0][0] = 0
        var best = 0
        for number in 1...steps {
            let before = layers[number - 1]
            var next = before
            for row in 0..<count where before[row] < next[count - 1] {
                let own = before[row]
                relax(row, &next) { $0 > limit ? Self.infinite : own + $0 }
            }
            if next[count - 1] < layers[best][count - 1] { best = number }
            layers.append(next)
            if next == before { break }
        }
        return way(back: layers, from: best, limit: limit)
    }

    /// Lowers what is known of every sound by a step from one of them.
    @inline(__always)
    private func relax(_ row: Int, _ known: inout [Int32], _ reached: (Int32) -> Int32) {
        unsafe squares.withUnsafeBufferPointer { squares in
            unsafe known.withUnsafeMutableBufferPointer { known in
                for column in 0..<count {
                    unsafe known[column] = min(known[column], reached(squares[row * count + column]))
                }
            }
        }
    }

    private func way(back layers: [[Int32]], from last: Int, limit: Int32) -> [Int] {
        var (way, node) = ([count - 1], count - 1)
        for number in stride(from: last, to: 0, by: -1) where node != 0 {
            // Where nothing was gained by this step, it was not taken.
            if layers[number - 1][node] == layers[number][node] { continue }
            let sum = layers[number][node]
            let before = (0..<count).first { row in
                self[row, node] <= limit && layers[number - 1][row] < Self.infinite
                    && layers[number - 1][row] + self[row, node] == sum
            }
            guard let before else { preconditionFailure("every sum was reached from somewhere") }
            way.append(before)
            node = before
        }
        return way.reversed()
    }
}
