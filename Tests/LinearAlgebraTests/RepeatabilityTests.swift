import LinearAlgebra
import Testing

struct RepeatabilityTests {
    /// Vectors of 30 classes, three of each.
    static let classes: ClassScatter = {
        var random = RandomNumbers(seed: 2024)
        var classes = ClassScatter(dimension: 21)
        for _ in 0..<30 {
            let center = random.vector(21)
            for _ in 0..<3 {
                let vector = zip(center, random.vector(21)).map { $0 + $1 / 4 }
                classes.add(vector.span)
            }
            classes.endClass()
        }
        return classes
    }()

    // The hashes are those of a program in Python that does the same operations, one by one: its numbers are IEEE 754's,
    // and it neither fuses nor reorders.
    @Test func everyMachineGetsTheSameBits() throws {
        let (within, between) = (Self.classes.within, Self.classes.between)
        #expect(bitHash(within.values) == 0xE554_CA98_F4F6_5170)
        #expect(bitHash(between.values) == 0xB4D0_4B78_A8F7_EB60)
        let eigen = try SymmetricEigen(between)
        #expect(bitHash(eigen.values + eigen.vectors.values) == 0x9AF8_EC1A_FC00_EEA8)
        let discriminants = try GeneralizedEigen(between, against: within, count: 5)
        #expect(bitHash(discriminants.ratios + discriminants.directions.values) == 0x7D4D_DC70_29FD_9850)
    }

    @Test func theSameMatrixGivesTheSameBitsTwice() throws {
        var random = RandomNumbers(seed: 1)
        let (numerator, denominator) = (random.symmetric(50), random.positiveDefinite(50))
        let (first, second) = try (SymmetricEigen(numerator), SymmetricEigen(numerator))
        #expect(bitHash(first.values + first.vectors.values) == bitHash(second.values + second.vectors.values))
        let one = try GeneralizedEigen(numerator, against: denominator, count: 50)
        let other = try GeneralizedEigen(numerator, against: denominator, count: 50)
        #expect(bitHash(one.ratios + one.directions.values) == bitHash(other.ratios + other.directions.values))
    }
}
