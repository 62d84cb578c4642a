import Glibc
import LinearAlgebra
import TimbreCodes
import TimbreIndex

/// A map of sounds on which those that sound alike lie near each other.
///
/// Near is what the map shows; how far groups lie apart, and where, means nothing. The same sounds in the same order give
/// the same map, bit for bit, on the same kind of processor.
package struct SoundMap: Sendable {
    /// How many sounds are laid out at most; others are put beside the nearest of these by ``Newcomers``.
    package static let mostSounds = 50_000
    /// How few sounds make no map.
    package static let fewestSounds = 10

    /// Where the sounds lie, in the order in which they were given.
    package let points: [MapPoint]

    /// Steps in which neighbours are exaggerated, and steps in all.
    private static let (earlySteps, allSteps) = (100, 600)
    private static let exaggeration: Float = 12
    private static let seed: UInt64 = 1
    /// How much of the map's width nearly all sounds lie in, and how many these are.
    private static let (reach, share) = (30_000.0, 0.995)
    /// How wide the start is: its standard deviation from left to right.
    private static let startDeviation = 1e-2

    /// Lays sounds out.
    ///
    /// - Parameters:
    ///   - vectors: ``fewestSounds`` or more, and ``mostSounds`` at most.
    ///   - earlier: Where each lay on the map before; none is nil, or there is no such map.
    ///   - progress: Is told what share of the work is done; throws to end it.
    /// - Complexity: O(*n*²) in the number of sounds, of which little is done for each pair; 700 bytes a sound.
    package init(
        of vectors: [TimbreVector], earlier: [MapPoint]? = nil, progress: (Double) throws -> Void
    ) rethrows {
        precondition((Self.fewestSounds...Self.mostSounds).contains(vectors.count))
        let table = VectorTable(vectors)
        // A third of the work, or somewhat less.
        let neighbourhood = try Neighbourhood(of: table) { try progress(Double($0) / Double(3 * vectors.count)) }
        var descent = MapDescent(
            neighbourhood, from: earlier.map(Self.start) ?? Self.start(of: vectors), seed: Self.seed)
        for step in 0..<Self.allSteps {
            try progress((1 + 2 * Double(step) / Double(Self.allSteps)) / 3)
            let isEarly = step < Self.earlySteps
            descent.step(
                step, exaggeration: isEarly ? Self.exaggeration : 1, momentum: isEarly ? 0.5 : 0.8)
        }
        let layout = (x: descent.x.map(Double.init), y: descent.y.map(Double.init))
        points = Self.points(earlier.map { Turning(layout, towards: $0) } ?? Turning(level: layout), of: layout)
    }

    /// Where sounds lie in the directions in which they differ most.
    private static func start(of vectors: [TimbreVector]) -> (x: [Float], y: [Float]) {
        let rows = vectors.map { vector in (0..<TimbreVector.dimension).map { Float(vector[$0]) } }
        var moments = Moments(dimension: TimbreVector.dimension)
        for row in rows { moments.add(row.span) }
        let axes: [[Double]]
        do {
            let directions = try SymmetricEigen(moments.scatter).vectors
            axes = (0..<2).map { row in (0..<directions.columns).map { directions[row, $0] } }
        } catch {
            preconditionFailure("the scatter of bytes is finite: \(error)")
        }
        func positions(_ axis: [Double]) -> [Double] {
            rows.map { row in zip(row, axis).reduce(0) { $0 + Double($1.0) * $1.1 } }
        }
        return narrowed(x: positions(axes[0]), y: positions(axes[1]))
    }

    /// Where sounds lay on an earlier map.
    private static func start(at earlier: [MapPoint]) -> (x: [Float], y: [Float]) {
        narrowed(x: earlier.map { Double($0.x) }, y: earlier.map { Double($0.y) })
    }

    /// Positions about their mean, so near to it that nothing repels much yet.
    private static func narrowed(x: [Double], y: [Double]) -> (x: [Float], y: [Float]) {
        func centred(_ values: [Double]) -> [Double] {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.map { $0 - mean }
        }
        let (x, y) = (centred(x), centred(y))
        let deviation = (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
        let factor = startDeviation / max(deviation, .leastNormalMagnitude)
        return (x.map { Float($0 * factor) }, y.map { Float($0 * factor) })
    }

    /// The turned layout as points, so large that nearly all lie within ``reach``.
    private static func points(_ turning: Turning, of layout: (x: [Double], y: [Double])) -> [MapPoint] {
        let turned = zip(layout.x, layout.y).map(turning.turned)
        let distances = turned.map { max(abs($0.x), abs($0.y)) }.sorted()
        let radius = distances[min(distances.count - 1, Int(Double(distances.count) * share))]
        let factor = reach / max(radius, .leastNormalMagnitude)
        var taken = TakenPoints()
        return turned.map { taken.take(MapPoint(nearestTo: $0.x * factor, $0.y * factor)) }
    }
}
