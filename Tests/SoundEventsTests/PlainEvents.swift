import Glibc

@testable import SoundEvents

/// Events, found as plainly as their definition says.
struct PlainEvents {
    let levels: [[Int]]
    private let quantiles: [[Int]]
    private(set) var excess: [[Int]] = []

    /// - Parameter bands: In the form of `FeatureFrames.bands`.
    init(bands: [UInt8]) {
        let levels = stride(from: 0, to: bands.count, by: 104).map { place in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bands[place + $1]) << (8 * UInt32($1)) }
            let peak = 80 * log10(Float(bitPattern: bits))
            return (0..<100).map { band in
                let level = (Float(bands[place + 4 + band]) - 255) * (320.0 / 255) + peak
                return Int(min(max(level, -480), 127).rounded(.toNearestOrEven))
            }
        }
        self.levels = levels
        quantiles = stride(from: 0, to: levels.count + 16, by: 16).map { Self.quantiles(of: levels, around: $0) }
        excess = levels.indices.map { frame in
            zip(levels[frame], background(at: frame)).map { max($0 - $1, 0) }
        }
    }

    func background(at frame: Int) -> [Int] {
        let (place, step) = frame.quotientAndRemainder(dividingBy: 16)
        return zip(quantiles[place], quantiles[place + 1]).map { now, next in
            max(Int((Double(now * (16 - step) + next * step + 8) / 16).rounded(.down)) + 6, -400)
        }
    }

    private static func quantiles(of levels: [[Int]], around frame: Int) -> [Int] {
        let count = levels.count
        let window = min(max(0, frame - 172), max(0, count - 172))..<min(count, max(1, frame + 172))
        return (0..<100).map { band in window.map { levels[$0][band] }.sorted()[(window.count - 1) * 2 / 5] }
    }

    /// The sum of the 25 greatest rises of each frame.
    var flux: [Int] {
        excess.indices.map { frame in
            let (before, earlier) = (excess[max(0, frame - 1)], excess[max(0, frame - 2)])
            return (0..<100).map { max(excess[frame][$0] - max(before[$0], earlier[$0]), 0) }
                .sorted(by: >).prefix(25).reduce(0, +)
        }
    }

    func patch(at onset: Int) -> [Int] {
        [(-1, 0), (0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 32)].flatMap { first, end in
            (0..<20).map { group in
                var sum = 0
                for frame in onset + first..<onset + end where levels.indices.contains(frame) {
                    sum += excess[frame][5 * group..<5 * group + 5].reduce(0) { $0 + min($1, 240) }
                }
                return Int((Double(sum) / Double(5 * (end - first))).rounded())
            }
        }
    }
}
