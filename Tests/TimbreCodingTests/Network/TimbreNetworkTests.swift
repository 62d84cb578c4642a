import Testing
import TimbreCodes
import TimbreDescriptors

@testable import TimbreCoding

struct TimbreNetworkTests {
    @Test("Components are those of the formulas", arguments: [(1, 16), (2, 32), (3, 48)])
    func agrees(branches: Int, units: Int) throws {
        let small = SmallNetwork(seed: 3, branches: branches, units: units)
        let network = try TimbreNetwork(small.weights)
        for descriptor in SmallNetwork.descriptors(5, seed: 4) {
            let standardised = descriptor.values.enumerated().map { place, value in
                let deviation = (Double(value) - Double(small.weights.mean[place]))
                return min(6, max(-6, deviation / Double(small.weights.deviation[place])))
            }
            let expected = small.components(ofStandardised: standardised)
            let components = network.components(of: descriptor)
            let vector = network.vectors(of: [descriptor])[0]
            for place in 0..<128 {
                #expect(abs(Double(components[place]) - expected[place]) < 1e-4)
                #expect(abs(Double(vector[place]) - min(127, max(-127, 240 * expected[place]))) < 0.53)
            }
        }
    }

    /// More sounds than are computed at a time, in groups of all sizes.
    @Test func aSoundHasTheSameVectorAloneAndAmongOthers() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 5).weights)
        let descriptors = SmallNetwork.descriptors(40, seed: 6)
        let alone = descriptors.map { network.vectors(of: [$0])[0] }
        for count in [2, 3, 4, 5, 6, 7, 11, 24, 25, 31, 40] {
            #expect(network.vectors(of: Array(descriptors.prefix(count))) == Array(alone.prefix(count)))
        }
        #expect(network.vectors(of: []).isEmpty)
    }

    @Test func joinedPartsAreWhatVectorsAreMadeOf() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 7).weights)
        let descriptors = SmallNetwork.descriptors(30, seed: 8)
        let parts = network.joinedParts(of: descriptors)
        #expect(parts.map(network.vector(ofJoinedParts:)) == network.vectors(of: descriptors))
        // A linear part of length 1, branches that make up 1 together, and the precise part.
        for part in parts {
            let squares = (0..<4).map { place in part[64 * place..<64 * (place + 1)].reduce(0) { $0 + $1 * $1 } }
            for (square, expected) in zip(squares, [1, 0.5, 0.5, 0.05] as [Float]) {
                #expect(abs(square - expected) < 1e-4)
            }
        }
    }

    @Test func whatIsNotANumberIsFarFromTheMean() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 9).weights)
        let strange = [Float.nan, .infinity, .greatestFiniteMagnitude].map {
            TimbreDescriptor(values: Array(repeating: $0, count: TimbreDescriptor.count))
        }
        let vectors = network.vectors(of: strange)
        #expect(vectors[0] == vectors[1] && vectors[1] == vectors[2])
    }

    @Test func refusesWhatDoesNotFit() {
        func expect(_ error: TimbreModelError, _ change: (inout NetworkWeights) -> Void) {
            var weights = SmallNetwork().weights
            change(&weights)
            #expect(throws: error) { try TimbreNetwork(weights) }
        }
        expect(.wrongShape("its network is for 409 descriptors, not for 410")) { $0.mean.removeLast() }
        expect(.wrongShape("its network's deviations: 411 numbers, not 410")) { $0.deviation.append(1) }
        expect(.wrongShape("a network of 0 branches")) { $0.branches = [] }
        expect(.wrongShape("a branch of its network has 20 units, not a multiple of 16 up to 4096")) {
            $0.branches[1].hiddenBias = Array(repeating: 0, count: 20)
        }
        expect(.wrongShape("its network's branch: 13119 numbers, not 13120")) { $0.branches[0].hidden.removeLast() }
        expect(.wrongShape("its network's projection: 0 numbers, not 256")) { $0.projectionMean = [] }
        expect(.wrongShape("its network's projection: 32769 numbers, not 32768")) { $0.projection.append(0) }
        expect(.notFinite) { $0.branches[1].gain[3] = .nan }
        expect(.notFinite) { $0.precise[7] = 0x7c00 }
        expect(.notFinite) { $0.scale = .infinity }
        expect(.damaged("a deviation of its network is not above 0")) { $0.deviation[9] = 0 }
        expect(.damaged("the scale of its network does not lie between 1 and 1000000.0")) { $0.scale = 0 }
        expect(.damaged("the scale of its network does not lie between 1 and 1000000.0")) { $0.scale = 1e12 }
        expect(.damaged("a number of its network is beyond 1000000.0")) { $0.branches[0].outputBias[2] = -1e30 }
        expect(.damaged("the precise part's share is below 0")) { $0.preciseShare = -1 }
    }
}

struct HalfFloatsTests {
    @Test func everyNumberOf16BitsIsReadAndWrittenAsItself() {
        for bits in UInt16.min...UInt16.max {
            let number = HalfFloats.number(bits)
            if number.isNaN { continue }
            #expect(HalfFloats.bits(number) == bits)
        }
    }

    // IEEE 754-2019, table 3.5.
    @Test func knowsTheNumbersOfTheStandard() {
        #expect(HalfFloats.number(0x3c00) == 1 && HalfFloats.number(0xc000) == -2)
        #expect(HalfFloats.number(0x7bff) == 65504 && HalfFloats.number(0x0001) == 0x1p-24)
        #expect(HalfFloats.number(0x0400) == 0x1p-14 && HalfFloats.number(0x7c00) == .infinity)
        #expect(HalfFloats.bits(65519) == 0x7bff && HalfFloats.bits(65520) == 0x7c00)
        // Halfway between two it is the even one.
        #expect(HalfFloats.bits(1 + 0x1p-11) == 0x3c00 && HalfFloats.bits(1 + 0x3p-11) == 0x3c02)
        #expect(HalfFloats.bits(0x1p-25) == 0 && HalfFloats.bits(0x3p-25) == 2)
    }
}
