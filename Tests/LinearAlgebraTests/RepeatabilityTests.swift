import Glibc
import LinearAlgebra
import Testing

struct RepeatabilityTests {
    @Test func theSameNumbersGiveTheSameBitsTwice() throws {
        #expect(try hashOfEverything() == hashOfEverything())
    }

    @Test func theSameNumbersGiveTheSameBitsInEveryThread() async throws {
        let expected = try hashOfEverything()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try hashOfEverything() } }
            for try await hash in group { #expect(hash == expected) }
        }
    }

    // Another BLAS would compute in other orders, and in threads. The reference one is in the program itself: none of the
    // files that the system's administrator may point to another one is loaded.
    @Test(arguments: ["libblas.so.3", "liblapack.so.3", "liblapacke.so.3", "libopenblas.so.0", "libblis.so.4"])
    func noOtherBLASIsInUse(library: String) {
        #expect(unsafe dlopen(library, RTLD_LAZY | RTLD_NOLOAD) == nil)
    }

    /// A hash of all that the module computes, of numbers that are always the same.
    private func hashOfEverything() throws -> UInt64 {
        var random = RandomNumbers(seed: 1)
        var moments = Moments(dimension: 50)
        for _ in 0..<200 {
            let vector = random.vector(50)
            moments.add(vector.span)
        }
        let (numerator, right) = (random.symmetric(50), random.matrix(50, 7))
        let eigen = try SymmetricEigen(numerator)
        let discriminants = try GeneralizedEigen(numerator, against: moments.scatter, count: 50)
        let solution = try Cholesky(moments.scatter).solve(right)
        return bitHash(
            moments.mean + moments.scatter.values + eigen.values + eigen.vectors.values + discriminants.ratios
                + discriminants.directions.values + solution.values + right.transposedMultiplied(by: right).values)
    }
}
