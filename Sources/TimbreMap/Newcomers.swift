import TimbreCodes
import TimbreIndex

/// Puts sounds beside those that were laid out, of which none moves for it.
package struct Newcomers: Sendable {
    /// Sounds that were laid out.
    private let table: VectorTable
    private let points: [MapPoint]
    private var taken: TakenPoints

    /// Neighbours by which the place is told: the nearest, and those towards which a newcomer is put.
    private static let neighbourCount = 4
    /// How much of the way to the others a newcomer is put, and how far from the nearest at most: a third of a percent of
    /// the map's width.
    private static let (share, farthest) = (0.25, 200.0)

    /// - Parameters:
    ///   - laidOut: What was laid out, and where it lies: at least one sound.
    ///   - others: Where other sounds lie.
    package init(
        laidOut: some Sequence<(vector: TimbreVector, point: MapPoint)>, others: some Sequence<MapPoint> = []
    ) {
        var (vectors, points): ([TimbreVector], [MapPoint]) = ([], [])
        for (vector, point) in laidOut {
            vectors.append(vector)
            points.append(point)
        }
        precondition(!points.isEmpty)
        table = VectorTable(vectors)
        self.points = points
        taken = TakenPoints(points + others)
    }

    /// Puts a sound beside the nearest one, a bit towards the next ones.
    ///
    /// - Complexity: O(*n*) in the number of sounds that were laid out: one search.
    package mutating func place(_ vector: TimbreVector) -> MapPoint {
        let nearest = table.nearest(to: vector, count: Self.neighbourCount)
        let own = points[nearest[0].place]
        var (x, y, weights) = (0.0, 0.0, 0.0)
        for neighbour in nearest.dropFirst() {
            let weight = 1 / (1 + Double(neighbour.squaredDistance).squareRoot())
            let point = points[neighbour.place]
            (x, y, weights) = (x + weight * Double(point.x), y + weight * Double(point.y), weights + weight)
        }
        guard weights > 0 else { return taken.take(own) }
        let towards = (x: (x / weights - Double(own.x)) * Self.share, y: (y / weights - Double(own.y)) * Self.share)
        let length = (towards.x * towards.x + towards.y * towards.y).squareRoot()
        let scale = length > Self.farthest ? Self.farthest / length : 1
        return taken.take(
            MapPoint(nearestTo: Double(own.x) + towards.x * scale, Double(own.y) + towards.y * scale))
    }
}
