import Glibc
import TimbreDescriptors

/// The frames of a part of a sound that are heard: those between the silence before and the silence after.
struct EarlierHeardFrames {
    /// Which frames of the sound they are; there is at least one.
    let range: Range<Int>
    /// Their levels in decibels, that of the loudest being 0, and none below the floor.
    let levels: [Double]
    /// How much they weigh; the weights add up to 1.
    let weights: [Double]

    /// Finds the frames that are heard; nil if there is none.
    init?(_ frames: Range<Int>, of sound: EarlierFrames) {
        typealias Definition = EarlierDefinition
        let top = sound.levels[frames].max() ?? -.infinity
        guard top > -.infinity else { return nil }
        let isHeard = { (frame: Int) in sound.levels[frame] - top > Definition.floor }
        guard var first = frames.first(where: isHeard), let last = frames.last(where: isHeard) else { return nil }
        for _ in 0..<Definition.onsetFrames where first < last {
            if sound.levels[first + 1] - sound.levels[first] > Definition.onsetRise { first += 1 }
        }
        range = first..<last + 1
        levels = sound.levels[range].map { max($0 - top, Definition.floor) }

        let most = sound.loudness[range].max() ?? 0
        let least = most * pow(10, Definition.floor / 20 * Definition.loudnessExponent)
        let loudness = sound.loudness[range].map { max($0, least) }
        let sum = loudness.reduce(0, +)
        weights = loudness.map { $0 / sum }
    }

    /// The frames of the attack, counted from the first that is heard.
    var attack: Range<Int> {
        let onset = levels.firstIndex { $0 > EarlierDefinition.attackLevel } ?? 0
        return onset..<min(onset + EarlierDefinition.attackFrames, levels.count)
    }

    /// For how long the sound is loud, when it is loudest, where its centre is, how long it is, where in it the centre
    /// is, and how far its loudness is spread: all but the last but one as logarithms of frames.
    var times: [Double] {
        let durations = EarlierDefinition.durationLevels.map { limit in levels.count { $0 > limit } }
        let loudest = levels.firstIndex(of: 0) ?? 0
        let centre = weights.indices.reduce(0) { $0 + weights[$1] * Double($1) }
        let variance = weights.indices.reduce(0) { sum, frame in
            sum + weights[frame] * (Double(frame) - centre) * (Double(frame) - centre)
        }
        let count = Double(levels.count)
        return durations.map { log(1 + Double($0)) } + [
            log(1 + Double(loudest)), log(1 + centre), log(count), centre / count, log(1 + variance.squareRoot()),
        ]
    }
}

/// Means of equal parts of a course that is constant within a frame.
struct EqualParts<Value: SIMD> where Value.Scalar == Double {
    /// The means, in order.
    let means: [Value]

    /// Divides a course of `frameCount` frames, one at least, into parts; a part need not begin where a frame does.
    ///
    /// - Complexity: O(*n*) in the numbers of frames and parts.
    init(_ partCount: Int, of frameCount: Int, value: (Int) -> Value) {
        var means: [Value] = []
        means.reserveCapacity(partCount)
        var (frame, total, before) = (0, Value.zero, Value.zero)
        for part in 1...partCount {
            let end = Double(part * frameCount) / Double(partCount)
            let whole = min(Int(end), frameCount - 1)
            while frame < whole {
                total += value(frame)
                frame += 1
            }
            let upToEnd = total + (end - Double(whole)) * value(whole)
            means.append((upToEnd - before) * (Double(partCount) / Double(frameCount)))
            before = upToEnd
        }
        self.means = means
    }
}

extension CosineTransform {
    /// The products of the rows with a column of numbers.
    func callAsFunction<Value: SIMD>(_ column: [Value]) -> [Value] where Value.Scalar == Double {
        precondition(column.count == inputCount)
        return rows.map { row in
            var sum = Value.zero
            for place in row.indices { sum += row[place] * column[place] }
            return sum
        }
    }
}
