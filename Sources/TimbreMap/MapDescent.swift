import CTimbreKernels
import TimbreCodes

/// Points on a plane that move until neighbours lie near each other: t-SNE with sampled repulsion.
///
/// All points are drawn to their neighbours, and driven apart by a sample of all others, which is another one in every
/// step: after some steps each point has repelled all others. That takes O(*n*) time, as a tree would, and no tree. Sources:
/// L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", *J. Machine Learning Research* 9 (2008); A. C. Belkina
/// et al., "Automated optimized parameters for t-distributed stochastic neighbor embedding", *Nature Communications* 10
/// (2019), for the learning rate.
struct MapDescent {
    /// Where the points are, shape `[count]`.
    private(set) var x: [Float]
    private(set) var y: [Float]

    private let neighbourhood: Neighbourhood
    private let variant: timbre_variant
    /// All places in random order: the sample of a step is every nth of these.
    private let order: [Int]
    /// How many steps it takes until every point has been in the sample.
    private let rounds: Int
    private var speeds: (x: [Float], y: [Float])
    private var gains: (x: [Float], y: [Float])
    private var attraction: (x: [Float], y: [Float])
    private var repulsion: (x: [Float], y: [Float])
    /// The sum of the similarities of all pairs, smoothed over the steps; nil before the first.
    private var similarity: Double?

    /// Points that repel in a step: all of them, where there are not many more.
    private static func sampleSize(of count: Int) -> Int { count <= 2 * 1024 ? count : count <= 12_000 ? 1024 : 512 }
    /// Where the points lie that pad the sample: nothing is repelled from there.
    private static let faraway: Float = 1e18

    /// - Precondition: There is a start for each point, and there are two points or more.
    init(
        _ neighbourhood: Neighbourhood, from start: (x: [Float], y: [Float]), seed: UInt64,
        variant: timbre_variant = timbre_best_variant()
    ) {
        let count = start.x.count
        precondition(count > 1 && count == start.y.count && neighbourhood.weights.count == count * neighbourhood.degree)
        (x, y) = start
        self.neighbourhood = neighbourhood
        self.variant = variant
        var order = Array(0..<count)
        var generator = SeededGenerator(seed: seed)
        for place in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(place, generator.index(below: place + 1))
        }
        self.order = order
        let size = Self.sampleSize(of: count)
        rounds = (count + size - 1) / size
        let zeros = [Float](repeating: 0, count: count)
        let ones = [Float](repeating: 1, count: count)
        (speeds, gains, attraction, repulsion) = ((zeros, zeros), (ones, ones), (zeros, zeros), (zeros, zeros))
    }

    /// Moves all points once.
    ///
    /// - Parameters:
    ///   - number: Which step it is, which chooses the sample.
    ///   - exaggeration: By how much neighbours count more than they do: at first, so that groups find together.
    ///   - momentum: How much of its speed a point keeps.
    mutating func step(_ number: Int, exaggeration: Float, momentum: Float) {
        let count = x.count
        let sample = stride(from: number % rounds, to: count, by: rounds).map { order[$0] }
        repel(sample)
        attract()
        // Twice their learning rate, for as good a map in half the steps. It is for a gradient that is 4 times the sum of forces.
        let rate = 2 * max(Float(count) / 48, 50) * 4
        let scale = Float(count) / Float(sample.count)
        let repelled = scale / Float(max(similarity ?? 1, .leastNonzeroMagnitude))
        Self.move(&x, &speeds.x, &gains.x, attraction.x, repulsion.x, exaggeration, repelled, rate, momentum)
        Self.move(&y, &speeds.y, &gains.y, attraction.y, repulsion.y, exaggeration, repelled, rate, momentum)
    }

    private mutating func repel(_ sample: [Int]) {
        let padding = (TIMBRE_MAP_MULTIPLE - Int32(sample.count) % TIMBRE_MAP_MULTIPLE) % TIMBRE_MAP_MULTIPLE
        let far = [Float](repeating: Self.faraway, count: Int(padding))
        let (sampleX, sampleY) = (sample.map { x[$0] } + far, sample.map { y[$0] } + far)
        let sum = unsafe repulsion.x.withUnsafeMutableBufferPointer { forceX in
            unsafe repulsion.y.withUnsafeMutableBufferPointer { forceY in
                unsafe timbre_map_repulsion(
                    variant, x, y, x.count, sampleX, sampleY, sampleX.count, forceX.baseAddress, forceY.baseAddress)
            }
        }
        // Each of the sample is as near to itself as can be, which says nothing.
        let others = (sum - Double(sample.count)) * Double(x.count) / Double(sample.count)
        similarity = similarity.map { $0 * 0.9 + others * 0.1 } ?? others
    }

    private mutating func attract() {
        unsafe attraction.x.withUnsafeMutableBufferPointer { forceX in
            unsafe attraction.y.withUnsafeMutableBufferPointer { forceY in
                unsafe timbre_map_attraction(
                    x, y, x.count, neighbourhood.neighbours, neighbourhood.weights, neighbourhood.degree,
                    forceX.baseAddress, forceY.baseAddress)
            }
        }
    }

    private static func move(
        _ coordinates: inout [Float], _ speeds: inout [Float], _ gains: inout [Float], _ attraction: [Float],
        _ repulsion: [Float], _ attracted: Float, _ repelled: Float, _ rate: Float, _ momentum: Float
    ) {
        unsafe coordinates.withUnsafeMutableBufferPointer { coordinates in
            unsafe speeds.withUnsafeMutableBufferPointer { speeds in
                unsafe gains.withUnsafeMutableBufferPointer { gains in
                    unsafe timbre_map_move(
                        coordinates.baseAddress, speeds.baseAddress, gains.baseAddress, attraction, repulsion,
                        coordinates.count, attracted, repelled, rate, momentum)
                }
            }
        }
    }
}
