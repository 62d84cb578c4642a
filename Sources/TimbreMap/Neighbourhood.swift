import Glibc
import TimbreCodes
import TimbreIndex

/// Which sounds are neighbours in the space of timbre vectors, and how much each neighbour counts.
///
/// What a sound makes of its neighbours is a normal distribution whose width is such that it has as many as
/// ``perplexity`` says, whether they are near or far. Source: L. van der Maaten and G. Hinton, "Visualizing data using
/// t-SNE", *J. Machine Learning Research* 9 (2008).
struct Neighbourhood {
    /// How many neighbours of each sound count at all, and how many it has in effect.
    static let mostNeighbours = 60
    static let perplexity = 20.0

    /// Neighbours of each sound: fewer than ``mostNeighbours`` where there are not as many sounds.
    let degree: Int
    /// Their places, the nearest first; shape `[count, degree]`.
    private(set) var neighbours: [UInt32] = []
    /// How much they count; shape `[count, degree]`. Each sound's add up to half the inverse of how many sounds there
    /// are, so that all pairs, taken both ways, add up to 1.
    private(set) var weights: [Float] = []

    /// - Parameter progress: Is told how many sounds are done; throws to end the work.
    /// - Complexity: O(*n*²) in the number of sounds.
    init(of table: VectorTable, progress: (Int) throws -> Void) rethrows {
        degree = min(Self.mostNeighbours, table.count - 1)
        neighbours.reserveCapacity(table.count * degree)
        weights.reserveCapacity(table.count * degree)
        var squares = [Double](repeating: 0, count: degree)
        for place in 0..<table.count {
            if place.isMultiple(of: 64) { try progress(place) }
            let nearest = table.nearest(to: table[place], count: degree, excluding: place)
            for (number, neighbour) in nearest.enumerated() {
                neighbours.append(UInt32(neighbour.place))
                squares[number] = Double(neighbour.squaredDistance)
            }
            let shares = Self.shares(ofSquares: squares)
            weights += shares.map { Float($0 / Double(2 * table.count)) }
        }
    }

    /// How much neighbours count by their squared distances, ascending; together 1.
    static func shares(ofSquares squares: [Double]) -> [Double] {
        let wanted = log(min(perplexity, Double(squares.count) / 3))
        let nearest = squares.first ?? 0
        // Narrower and narrower where it has too many, wider where it has too few.
        var (narrowness, low, high) = (1 / max(1, (squares.last ?? 0) - nearest), 0.0, Double.infinity)
        var shares = squares
        for _ in 0..<40 {
            var (sum, moment) = (0.0, 0.0)
            for (place, square) in squares.enumerated() {
                shares[place] = exp(-(square - nearest) * narrowness)
                sum += shares[place]
                moment += shares[place] * (square - nearest)
            }
            let entropy = log(sum) + narrowness * moment / sum
            for place in shares.indices { shares[place] /= sum }
            if abs(entropy - wanted) < 1e-5 { break }
            if entropy > wanted { low = narrowness } else { high = narrowness }
            narrowness = high.isFinite ? (low + high) / 2 : narrowness * 2
        }
        return shares
    }
}
