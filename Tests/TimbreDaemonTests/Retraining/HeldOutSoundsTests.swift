import Testing
import TimbreWire

@testable import TimbreCoding
@testable import TimbreDaemon

/// Sounds of a few folders: descriptors 0 and 2 say which sound it is, descriptor 1 which folder; a variant is like
/// another sound in descriptor 2.
struct HeldOutSoundsTests {
    private func sounds(_ count: Int, folders: Int = 4) -> [LearningSound] {
        (0..<count).map { number in
            func described(_ variant: Float) -> TimbreDescriptor {
                var values = [Float](repeating: 0, count: TimbreDescriptor.count)
                (values[0], values[1], values[2]) = (Float(number), Float(number % folders), Float(number) + variant)
                return TimbreDescriptor(values: values)
            }
            return LearningSound(
                content: Int64(number), folder: "folder \(number % folders)", descriptor: described(0),
                variants: BandVariant.all.indices.map { described(Float($0) - 6) })
        }
    }

    /// A transform that looks at some descriptors, by these weights.
    private func transform(_ weights: [Float]) throws -> TimbreTransform {
        let count = TimbreDescriptor.count
        var projection = [Float](repeating: 0, count: TimbreVector.dimension * count)
        for (place, weight) in weights.enumerated() { projection[place * count + place] = weight }
        return try TimbreTransform(
            mean: Array(repeating: 0, count: count), scale: Array(repeating: 0.06, count: count),
            projection: projection, step: 0.03)
    }

    @Test func aTransformThatSeesThroughVariantsIsBetter() throws {
        let heldOut = HeldOutSounds(sounds: sounds(60), seed: 1)
        let (blind, seeing) = (try transform([0, 0, 1]), try transform([1, 0, 0]))
        let better = try #require(heldOut.changes(from: blind, to: seeing).first { $0.measure == .variants })
        #expect(better.new == 1 && better.old < 0.5 && better.low > 0 && better.isBetter && !better.isWorse)
        #expect(better.queries == 240)
        let worse = try #require(heldOut.changes(from: seeing, to: blind).first { $0.measure == .variants })
        #expect(worse.isWorse && !worse.isBetter && worse.high < 0 && worse.high == -better.low)
    }

    @Test func aTransformThatSeesFoldersIsBetterByFolders() throws {
        let heldOut = HeldOutSounds(sounds: sounds(60), seed: 1)
        let (blind, seeing) = (try transform([1]), try transform([0.1, 10]))
        let better = try #require(heldOut.changes(from: blind, to: seeing).first { $0.measure == .folders })
        #expect(better.new > 0.999 && better.isBetter && better.queries == 60)
    }

    @Test func theSameTransformIsNeitherBetterNorWorse() throws {
        let heldOut = HeldOutSounds(sounds: sounds(30), seed: 1)
        let same = try transform([1, 1, 1])
        let changes = heldOut.changes(from: same, to: same)
        #expect(changes.map(\.measure) == [.variants, .folders])
        #expect(changes.allSatisfy { !$0.isBetter && !$0.isWorse && $0.old == $0.new && $0.low == 0 && $0.high == 0 })
    }

    @Test func foldersAreMeasuredOnlyWhereTwoHoldSeveralSounds() throws {
        let same = try transform([1])
        for folders in [1, 30] {
            let heldOut = HeldOutSounds(sounds: sounds(30, folders: folders), seed: 1)
            #expect(heldOut.changes(from: same, to: same).map(\.measure) == [.variants])
            #expect(heldOut.codeChange() == nil)
        }
        #expect(HeldOutSounds(sounds: [], seed: 1).changes(from: same, to: same).isEmpty)
        #expect(HeldOutSounds(sounds: sounds(1), seed: 1).changes(from: same, to: same).isEmpty)
    }

    @Test func codesThatTellFoldersApartAreBetter() throws {
        let sounds = sounds(40).map { sound in
            var sound = sound
            let number = Int(sound.content)
            sound.oldCodes = [TimbreCode(bits: [number * 7 % 5])]
            sound.newCodes = [TimbreCode(bits: [number % 4])]
            return sound
        }
        let change = try #require(HeldOutSounds(sounds: sounds, seed: 1).codeChange())
        #expect(change.measure == .codes && change.isBetter && change.new == 1)
    }
}
