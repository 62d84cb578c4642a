import EarlierMetric
import Testing
import TimbreCodes

struct EarlierTransformTests {
    /// Parts of a transform of seven descriptors.
    struct Parts {
        var mean: [Float]
        var scale: [Float]
        var projection: [Float]
        var step: Float = 0.05

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            func numbers(_ count: Int, from low: Double, to high: Double) -> [Float] {
                (0..<count).map { _ in Float(low + (high - low) * generator.fraction()) }
            }
            mean = numbers(7, from: -5, to: 5)
            scale = numbers(7, from: 0.1, to: 2)
            projection = numbers(64 * 7, from: -1, to: 1)
        }

        func transform() throws(EarlierTransformError) -> EarlierTransform {
            try EarlierTransform(mean: mean, scale: scale, projection: projection, step: step)
        }

        /// The component in this row, by the formula.
        func component(_ row: Int, of descriptors: [Float]) -> Float {
            var sum: Float = 0
            for place in 0..<7 {
                var deviation = (descriptors[place] - mean[place]) * scale[place]
                if deviation > 4 { deviation = 4 }
                if deviation < -4 { deviation = -4 }
                sum += projection[row * 7 + place] * deviation
            }
            return sum
        }
    }

    @Test func componentsAreThoseOfTheFormula() throws {
        let parts = Parts(seed: 1)
        let transform = try parts.transform()
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<50 {
            let descriptors = (0..<7).map { _ in Float(generator.fraction() * 40 - 20) }
            let components = transform.components(of: descriptors)
            #expect(components == (0..<64).map { parts.component($0, of: descriptors) })
            let vector = transform.vector(of: descriptors)
            for row in 0..<64 {
                let rounded = Int((components[row] / 0.05).rounded())
                #expect(Int(vector[row]) == min(127, max(-127, rounded)))
            }
        }
    }

    @Test func distancesAreThoseOfTheComponentsButForRounding() throws {
        var parts = Parts(seed: 3)
        // No component of these is as great as 127 steps.
        parts.step = 0.2
        let transform = try parts.transform()
        let (first, second): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6, 7], [1, 1, 2, 2, 3, 3, 4])
        let squared = zip(transform.components(of: first), transform.components(of: second))
            .reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        let distance = transform.distance(
            fromSquared: transform.vector(of: first).squaredDistance(to: transform.vector(of: second)))
        // Each difference of components is off by no more than a step: the distance by no more than 8 of them.
        #expect(abs(distance - squared.squareRoot()) < 8 * 0.2)
        #expect(distance > 5)
    }

    @Test func givesBackItsParts() throws {
        let parts = Parts(seed: 4)
        let transform = try parts.transform()
        #expect(transform.descriptorCount == 7)
        #expect(transform.standardization.mean == parts.mean)
        #expect(transform.standardization.scale == parts.scale)
        #expect(transform.projection == parts.projection)
        #expect(transform.step == 0.05)
    }

    @Test func strangeDescriptorsGiveAVectorAllTheSame() throws {
        var parts = Parts(seed: 5)
        parts.projection = Array(repeating: .greatestFiniteMagnitude, count: 64 * 7)
        let transform = try parts.transform()
        let strange: [[Float]] = [
            Array(repeating: .nan, count: 7), Array(repeating: .infinity, count: 7),
            [.infinity, -.infinity, .nan, 0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1],
        ]
        for descriptors in strange {
            let vector = transform.vector(of: descriptors)
            #expect((0..<64).allSatisfy { vector[$0] > -128 })
        }
        #expect(transform.vector(of: strange[1]) == TimbreVector(first: SIMD64(repeating: 127)))
    }

    @Test func aDescriptorOfNoScaleIsIgnored() throws {
        var parts = Parts(seed: 6)
        parts.scale[3] = 0
        let transform = try parts.transform()
        #expect(transform.vector(of: [0, 0, 0, -9, 0, 0, 0]) == transform.vector(of: [0, 0, 0, 1e30, 0, 0, 0]))
    }

    @Test func refusesWhatDoesNotFit() {
        func expect(_ error: EarlierTransformError, _ change: (inout Parts) -> Void) {
            var parts = Parts(seed: 7)
            change(&parts)
            #expect(throws: error) { try parts.transform() }
        }
        expect(.wrongShape("a transform of 7 means, 6 scales and 448 numbers of a projection")) {
            $0.scale.removeLast()
        }
        expect(.wrongShape("a transform of 7 means, 7 scales and 449 numbers of a projection")) {
            $0.projection.append(0)
        }
        expect(.wrongShape("a transform of 0 means, 0 scales and 0 numbers of a projection")) {
            ($0.mean, $0.scale, $0.projection) = ([], [], [])
        }
        expect(.notFinite) { $0.mean[2] = .nan }
        expect(.notFinite) { $0.scale[0] = .infinity }
        expect(.notFinite) { $0.projection[447] = -.infinity }
        expect(.notFinite) { $0.step = .nan }
        expect(.damaged("the step of its transform is not above 0")) { $0.step = 0 }
        expect(.damaged("a scale of its transform is below 0")) { $0.scale[6] = -1 }
    }
}
