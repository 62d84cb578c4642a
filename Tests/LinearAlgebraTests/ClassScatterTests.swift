import LinearAlgebra
import Testing

struct ClassScatterTests {
    static let sizes = [[1], [40], [3, 1, 35, 8], Array(repeating: 10, count: 12), Array(repeating: 1, count: 9)]

    @Test("Agrees with scatters about means taken before", arguments: sizes)
    func agrees(sizes: [Int]) {
        let classes = randomClasses(sizes)
        let scatter = scatter(of: classes)
        #expect(scatter.count == sizes.reduce(0, +))
        #expect(scatter.classCount == sizes.count)

        var within = Matrix(rows: 6, columns: 6)
        var weighted: [[Double]] = []
        for vectors in classes {
            let (mean, own) = plainMoments(vectors, dimension: 6)
            within = Matrix(rows: 6, columns: 6, values: zip(within.values, own.values).map(+))
            weighted += Array(repeating: mean, count: vectors.count)
        }
        #expect(distance(scatter.within, within) < 1e-13)
        let (mean, between) = plainMoments(weighted, dimension: 6)
        #expect(distance(scatter.mean, mean) < 1e-14)
        #expect(distance(scatter.between, between) < 1e-12)
    }

    @Test func bothPartsMakeTheWhole() {
        let classes = randomClasses([5, 20, 60, 2])
        let scatter = scatter(of: classes)
        var all = Moments(dimension: 6)
        for vector in classes.joined() { all.add(vector.span) }
        #expect(distance(zip(scatter.within.values, scatter.between.values).map(+), all.scatter.values) < 1e-13)
        #expect(distance(scatter.mean, all.mean) < 1e-14)
    }

    @Test func aClassWithoutVectorsIsNone() {
        var scatter = ClassScatter(dimension: 2)
        scatter.endClass()
        let vector: [Float] = [1, 2]
        scatter.add(vector.span)
        scatter.endClass()
        scatter.endClass()
        #expect(scatter.classCount == 1)
        #expect(scatter.mean == [1, 2])
        #expect(scatter.within == Matrix(rows: 2, columns: 2))
        #expect(scatter.between == Matrix(rows: 2, columns: 2))
    }

    @Test func aClassThatIsNotEndedIsNotComparedWithOthers() async {
        await #expect(processExitsWith: .failure) {
            var scatter = ClassScatter(dimension: 1)
            let vector: [Double] = [1]
            scatter.add(vector.span)
            _ = scatter.between
        }
    }

    private func randomClasses(_ sizes: [Int]) -> [[[Double]]] {
        var random = RandomNumbers(seed: UInt64(sizes.count))
        return sizes.map { size in
            let center = random.vector(6)
            return (0..<size).map { _ in zip(center, random.vector(6)).map { 2 * $0 + $1 } }
        }
    }

    private func scatter(of classes: [[[Double]]]) -> ClassScatter {
        var scatter = ClassScatter(dimension: 6)
        for vectors in classes {
            for vector in vectors { scatter.add(vector.span) }
            scatter.endClass()
        }
        return scatter
    }
}
