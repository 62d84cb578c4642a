import LinearAlgebra
import Testing

struct MomentsTests {
    static let shapes = [0, 1, 2, 3, 63, 64, 65, 97, 200].flatMap { count in
        [1, 3, 4, 5, 18].map { dimension in (count, dimension) }
    }

    @Test("Agree with the mean and then the scatter about it", arguments: shapes)
    func agree(count: Int, dimension: Int) {
        var random = RandomNumbers(seed: UInt64(count * 100 + dimension))
        let vectors = (0..<count).map { _ in random.vector(dimension) }
        let moments = moments(of: vectors, dimension: dimension)
        let (mean, scatter) = plainMoments(vectors, dimension: dimension)
        #expect(moments.count == count)
        #expect(distance(moments.mean, mean) < 1e-15)
        #expect(distance(moments.scatter, scatter) < 1e-13)
        #expect(moments.scatter == moments.scatter.transposed)
    }

    @Test func aGreatMeanCostsNoMoreThanItsOwnDigits() {
        var random = RandomNumbers(seed: 1)
        let vectors = (0..<100).map { _ in random.vector(6).map { $0 + 1e6 } }
        let (_, scatter) = plainMoments(vectors, dimension: 6)
        // Sums of squares would be 1e14, of which a Double keeps hundredths.
        #expect(distance(moments(of: vectors, dimension: 6).scatter, scatter) < 1e-8)
    }

    @Test func singleAndDoublePrecisionAreTakenAlike() {
        var random = RandomNumbers(seed: 2)
        let single = (0..<50).map { _ in random.vector(7).map { Float($0) } }
        var taken = Moments(dimension: 7)
        for vector in single { taken.add(vector.span) }
        let widened = moments(of: single.map { $0.map { Double($0) } }, dimension: 7)
        #expect(taken.mean == widened.mean)
        #expect(taken.scatter == widened.scatter)
    }

    @Test func aLookInBetweenChangesNothing() {
        var random = RandomNumbers(seed: 3)
        let vectors = (0..<70).map { _ in random.vector(5) }
        var watched = Moments(dimension: 5)
        for (index, vector) in vectors.enumerated() {
            watched.add(vector.span)
            if index == 40 {
                let (_, scatter) = plainMoments(Array(vectors[...40]), dimension: 5)
                #expect(distance(watched.scatter, scatter) < 1e-13)
            }
        }
        #expect(watched.scatter == moments(of: vectors, dimension: 5).scatter)
    }

    @Test func refuseAVectorOfAnotherDimension() async {
        await #expect(processExitsWith: .failure) {
            var moments = Moments(dimension: 3)
            let vector: [Double] = [1, 2]
            moments.add(vector.span)
        }
    }

    private func moments(of vectors: [[Double]], dimension: Int) -> Moments {
        var moments = Moments(dimension: dimension)
        for vector in vectors { moments.add(vector.span) }
        return moments
    }
}

/// The mean of vectors, then their scatter about it.
func plainMoments(_ vectors: [[Double]], dimension: Int) -> (mean: [Double], scatter: Matrix) {
    let mean = (0..<dimension).map { index in
        vectors.isEmpty ? 0 : vectors.map { $0[index] }.reduce(0, +) / Double(vectors.count)
    }
    var scatter = Matrix(rows: dimension, columns: dimension)
    for vector in vectors {
        for row in 0..<dimension {
            for column in 0..<dimension {
                scatter[row, column] += (vector[row] - mean[row]) * (vector[column] - mean[column])
            }
        }
    }
    return (mean, scatter)
}
