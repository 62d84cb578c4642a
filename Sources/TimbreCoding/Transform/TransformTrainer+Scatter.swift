import LinearAlgebra

extension TransformTrainer {
    /// The mean and the deviation of each descriptor over the sounds, variants apart.
    func standardize() -> Standardization {
        let dimension = sounds[0].values.count
        var moments = Moments(dimension: dimension)
        for sound in sounds { moments.add(sound.values.span) }
        let scatter = moments.scatter
        let scale = (0..<dimension).map { place -> Float in
            let deviation = (scatter[place, place] / Double(sounds.count)).squareRoot()
            return deviation > 1e-6 ? Float(1 / deviation) : 0
        }
        return Standardization(mean: moments.mean.map(Float.init), scale: scale)
    }

    /// How the variants of one sound differ, and the sounds from each other: mean squares.
    func scatterOfVariants(_ standardization: Standardization) -> (within: Matrix, between: Matrix) {
        var scatter = ClassScatter(dimension: standardization.mean.count)
        for sound in sounds {
            for values in [sound.values] + sound.variants {
                let values = standardization.values(values)
                scatter.add(values.span)
            }
            scatter.endClass()
        }
        let share = 1 / Double(scatter.count)
        return (scatter.within.scaled(by: share), scatter.between.scaled(by: share))
    }

    /// How the sounds of one label differ, and the labels from each other: mean squares.
    ///
    /// Each label counts by the root of the number of its sounds, so that large ones do not drown small ones.
    func scatterOfLabels(_ standardization: Standardization) -> (within: Matrix, between: Matrix) {
        let dimension = standardization.mean.count
        let standardized = sounds.map { standardization.values($0.values) }
        var all = Moments(dimension: dimension)
        for values in standardized { all.add(values.span) }
        var within = Matrix(rows: dimension, columns: dimension)
        var between = within
        var total = 0.0
        for members in classes {
            var own = Moments(dimension: dimension)
            for member in members {
                let values = standardized[member]
                own.add(values.span)
            }
            let count = Double(members.count)
            let away = Matrix(rows: dimension, columns: 1, values: zip(own.mean, all.mean).map { $0 - $1 })
            within = within.adding(own.scatter, times: 1 / count.squareRoot())
            between = between.adding(away.multiplied(by: away.transposed), times: count.squareRoot())
            total += count.squareRoot()
        }
        return (within.scaled(by: 1 / total), between.scaled(by: 1 / total))
    }

    /// The sounds of each label that has several, the labels in the order of their names.
    var classes: [[Int]] {
        var members: [String: [Int]] = [:]
        for (place, sound) in sounds.enumerated() {
            if let label = sound.label { members[label, default: []].append(place) }
        }
        return members.filter { $0.value.count >= 2 }.sorted { $0.key < $1.key }.map(\.value)
    }
}
