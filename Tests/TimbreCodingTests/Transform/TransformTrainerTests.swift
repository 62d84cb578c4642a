import Testing

@testable import TimbreCoding

/// Made-up sounds: each has a place of its own, its variants lie around it, and a label may hold some of them together.
struct MadeUpClasses {
    typealias Sound = (own: [Float], variants: [[Float]], label: String)
    var sounds: [Sound] = []

    /// - Parameter noise: How far variants lie from their sound in each descriptor, standard deviations of sounds.
    init(_ count: Int, labels: Int = 8, seed: UInt64, noise: (Int) -> Float = { $0 % 3 == 0 ? 6 : 0.3 }) {
        var generator = SeededGenerator(seed: seed)
        func draw() -> Float { Float((0..<6).reduce(0) { sum, _ in sum + generator.fraction() } - 3) }
        let centres = (0..<labels).map { _ in (0..<TimbreDescriptor.count).map { _ in draw() } }
        for sound in 0..<count {
            let label = sound % labels
            let own = centres[label].enumerated().map { $1 + draw() * (($0 % 2 == 0) ? 0.3 : 2) + 5 }
            let variants = (0..<4).map { _ in own.enumerated().map { $1 + noise($0) * draw() } }
            sounds.append((own, variants, "label \(label)"))
        }
    }

    func trainer(labels: Bool) -> TransformTrainer {
        var trainer = TransformTrainer()
        for sound in sounds {
            trainer.add(
                TimbreDescriptor(values: sound.own), variants: sound.variants.map(TimbreDescriptor.init),
                label: labels ? sound.label : nil)
        }
        return trainer
    }
}

struct TransformTrainerTests {
    typealias Scatter = [[Double]]

    /// The mean outer product of vectors about a centre.
    private func scatter(_ vectors: [[Double]], around centre: [Double]) -> Scatter {
        let size = centre.count
        var sum = Scatter(repeating: [Double](repeating: 0, count: size), count: size)
        for vector in vectors {
            for row in 0..<size {
                for column in 0..<size {
                    sum[row][column] += (vector[row] - centre[row]) * (vector[column] - centre[column])
                }
            }
        }
        return sum.map { $0.map { $0 / Double(vectors.count) } }
    }

    private func mean(_ vectors: [[Double]]) -> [Double] {
        vectors[0].indices.map { place in vectors.reduce(0) { $0 + $1[place] } / Double(vectors.count) }
    }

    private func product(_ a: [Double], _ matrix: Scatter, _ b: [Double]) -> Double {
        a.indices.reduce(0) { sum, row in sum + a[row] * zip(matrix[row], b).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// What a transform should do to the sounds it was learnt from, from its definition: in its directions those alike
    /// scatter by 1, the others by a ratio, each direction is scaled by that ratio, and no two have anything in common.
    @Test("Directions are the discriminants", arguments: [false, true])
    func isTheDiscriminant(byLabel: Bool) throws {
        let made = MadeUpClasses(160, seed: 3)
        let transform = try made.trainer(labels: byLabel).train()
        let standardized = made.sounds.map { sound in
            ([sound.own] + sound.variants).map { transform.standardization.values($0).map(Double.init) }
        }
        let size = TimbreDescriptor.count
        let centres = standardized.map(mean)
        var alike = scatter(
            zip(standardized, centres).flatMap { sounds, centre in
                sounds.map { zip($0, centre).map { $0 - $1 } }
            }, around: [Double](repeating: 0, count: size))
        var different = scatter(centres, around: mean(centres))
        if byLabel {
            // All labels have as many sounds, so that each counts the same.
            let originals = standardized.map { $0[0] }
            let labels = (0..<8).map { label in originals.enumerated().filter { $0.offset % 8 == label }.map(\.element)
            }
            different = scatter(labels.map(mean), around: mean(originals))
            let within = scatter(
                labels.flatMap { sounds in sounds.map { zip($0, mean(sounds)).map { $0 - $1 } } },
                around: [Double](repeating: 0, count: size))
            alike = zip(within, alike).map { zip($0, $1).map { $0 + TransformTrainer.variantWeight * $1 } }
        }
        let ridge = TransformTrainer.ridge * (0..<size).reduce(0) { $0 + alike[$1][$1] } / Double(size)
        for place in 0..<size { alike[place][place] += ridge }
        var last = Double.infinity
        let rows = (0..<64).map { transform.projection[$0 * size..<($0 + 1) * size].map(Double.init) }
        for row in rows.prefix(byLabel ? 7 : 64) {
            let ratio = product(row, different, row) / product(row, alike, row)
            #expect(ratio > 0 && ratio <= last * 1.00001)
            #expect(abs(product(row, alike, row) - ratio / (1 + ratio)) < 1e-4)
            last = ratio
        }
        for (first, second) in zip(rows, rows.dropFirst().prefix(byLabel ? 6 : 63)) {
            #expect(abs(product(first, alike, second)) < 1e-4 && abs(product(first, different, second)) < 1e-4)
        }
        // Eight labels differ in no more than seven directions.
        if byLabel { #expect(rows.dropFirst(7).allSatisfy { product($0, alike, $0) < 1e-4 }) }
    }

    @Test func noComponentIsCutOffAndTheStepIsAsFineAsCanBe() throws {
        let made = MadeUpClasses(140, seed: 4)
        let transform = try made.trainer(labels: false).train()
        let all = made.sounds.flatMap { [$0.own] + $0.variants }
        let greatest = try #require(all.flatMap { transform.components(of: $0).map { abs($0) } }.max())
        #expect(transform.step == greatest / 127)
        let bytes = all.flatMap { transform.vector(of: $0).bytes.map { Int8(bitPattern: $0) } }
        #expect(bytes.map { abs(Int($0)) }.max() == 127)
    }

    /// More sounds are found by a variant of theirs than by standardised descriptors as they are.
    @Test func whatIsAlikeIsNear() throws {
        let made = MadeUpClasses(200, seed: 5) { $0 % 6 == 1 ? 0.3 : 8 }
        let transform = try made.trainer(labels: false).train()
        func found(_ represent: ([Float]) -> [Float]) -> Int {
            let own = made.sounds.map { represent($0.own) }
            return made.sounds.indices.count { place in
                // A variant that was not learnt from.
                let (own0, old) = (made.sounds[place].own, made.sounds[(place + 1) % 200])
                let probe = represent(zip(own0, zip(old.variants[0], old.own)).map { $0 + $1.0 - $1.1 })
                let distances = own.map { zip($0, probe).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
                return distances.indices.min { distances[$0] < distances[$1] } == place
            }
        }
        let plain = found { transform.standardization.values($0) }
        let learnt = found { values in transform.vector(of: values).bytes.map { Float(Int8(bitPattern: $0)) } }
        #expect(learnt > plain + 20 && learnt > 190, "\(plain) and \(learnt) of 200")
    }

    @Test func theSameSoundsGiveTheSameTransform() throws {
        let made = MadeUpClasses(150, seed: 6)
        #expect(try made.trainer(labels: true).train() == made.trainer(labels: true).train())
        #expect(try made.trainer(labels: true).train() != made.trainer(labels: false).train())
    }

    @Test func oneLabelSaysNothing() throws {
        let made = MadeUpClasses(130, labels: 1, seed: 7)
        #expect(!made.trainer(labels: true).hasLabels)
        #expect(try made.trainer(labels: true).train() == made.trainer(labels: false).train())
    }

    @Test func refusesWhatNothingCanBeLearntFrom() {
        let few = MadeUpClasses(TransformTrainer.fewestSounds - 1, seed: 8)
        #expect(throws: TransformTrainer.Failure.tooFew(127)) { try few.trainer(labels: true).train() }
        var same = TransformTrainer()
        let sound = TimbreDescriptor(values: few.sounds[0].own)
        for _ in 0..<200 { same.add(sound, variants: [sound, sound], label: nil) }
        #expect(throws: TransformTrainer.Failure.alike) { try same.train() }
    }
}
