import Glibc

/// The descriptors of a sound, slowly: the formulas of `Tests/Quality/timbre_descriptors.py`, one after the other and in
/// double precision, with which the fast ones are compared where there are no golden numbers.
struct EarlierPlainDescriptor {
    private let frames: [PlainFrame]
    private let level: [Double]
    private let weights: [Double]

    /// Takes a sound in the form of ``FeatureFrames/bands``; nil if nothing sounds in it.
    init?(bands: [UInt8]) {
        let all = stride(from: 0, to: bands.count, by: 104).map { PlainFrame(bytes: Array(bands[$0..<$0 + 104])) }
        let most = all.map(\.energy).max() ?? 0
        guard most > 0 else { return nil }
        let levels = all.map { 10 * log10(max($0.energy / most, 1e-12)) }
        let heard = levels.indices.filter { levels[$0] > -60 }
        var (start, end) = (heard[0], heard[heard.count - 1] + 1)
        for _ in 0..<3 where start + 1 < end && levels[start + 1] - levels[start] > 6 { start += 1 }
        frames = Array(all[start..<end])
        level = levels[start..<end].map { max($0, -60) }
        let loudness = level.map { pow(10, $0 / 20 * 0.6) }
        weights = loudness.map { [sum = loudness.reduce(0, +)] in $0 / sum }
    }

    /// The numbers, shape `[152]`.
    var values: [Double] {
        let cepstra = (1...20).map { k in frames.map { $0.cepstra[k] } }
        let ripple = (1...25).map { periods in frames.map { $0.ripple(periods) } }
        let parts = (0..<8).map { means(ofParts: 24, of: cepstra[$0]) }
        let course = (1...3).flatMap { k in parts.map { cosine(k, of: $0) } }
        let envelope = (0...8).map { cosine($0, of: means(ofParts: 32, of: level)) }
        let first = cepstra.map(mean) + cepstra.map(deviation) + cepstra.map(change) + envelope + times
        return first + shape.map(mean) + shape.map(deviation) + shape.map(attack) + ripple.map(mean) + course
    }

    private var shape: [[Double]] {
        let flux = frames.indices.map { $0 == 0 ? 0 : frames[$0].distance(to: frames[$0 - 1]) }
        return [
            frames.map(\.centroid), frames.map(\.spread), frames.map(\.skewness), frames.map(\.flatness),
            frames.map(\.rolloff), frames.map { $0.rootMeanSquare(12...24) }, frames.map { $0.rootMeanSquare(25...99) },
            flux,
        ]
    }

    private var times: [Double] {
        let time = frames.indices.map(Double.init)
        let centre = mean(time)
        let durations = [6.0, 12, 20, 30, 45].map { below in log(1 + Double(level.count { $0 > -below })) }
        let loudest = Double(level.firstIndex { $0 == level.max() } ?? 0)
        let count = Double(frames.count)
        return durations + [
            log(1 + loudest), log(1 + centre), log(count), centre / count, log(1 + deviation(time)),
        ]
    }

    private func mean(_ x: [Double]) -> Double { zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } }

    private func deviation(_ x: [Double]) -> Double {
        let mean = mean(x)
        return self.mean(x.map { ($0 - mean) * ($0 - mean) }).squareRoot()
    }

    private func change(_ x: [Double]) -> Double {
        let pairs = x.indices.dropFirst().map { (weights[$0 - 1] + weights[$0], abs(x[$0] - x[$0 - 1])) }
        let sum = pairs.reduce(0) { $0 + $1.0 }
        return sum > 0 ? pairs.reduce(0) { $0 + $1.0 * $1.1 } / sum : 0
    }

    private func attack(_ x: [Double]) -> Double {
        let onset = level.firstIndex { $0 > -20 } ?? 0
        let part = onset..<min(onset + 4, x.count)
        return part.reduce(0) { $0 + weights[$1] * x[$1] } / part.reduce(0) { $0 + weights[$1] } - mean(x)
    }

    /// Means of equal parts: each value lasts as long as there are parts, each part as long as there are values.
    private func means(ofParts count: Int, of x: [Double]) -> [Double] {
        let fine = x.flatMap { Array(repeating: $0, count: count) }
        return (0..<count).map { part in fine[part * x.count..<(part + 1) * x.count].reduce(0, +) / Double(x.count) }
    }
}

/// One coefficient of a cosine transform whose rows have norm 1, but for row 0, whose norm is √2.
private func cosine(_ k: Int, of x: [Double]) -> Double {
    var sum = 0.0
    for place in x.indices { sum += x[place] * cos(.pi * Double(k * (2 * place + 1)) / Double(2 * x.count)) }
    return sum * (2 / Double(x.count)).squareRoot()
}

/// The values of one frame.
private struct PlainFrame {
    let energy: Double
    /// The coefficients of the levels' cosine transform, shape `[100]`.
    let cepstra: [Double]
    private let amplitude: [Double]
    private let level: [Double]
    private static let scale = (0..<100).map { place in
        let (low, high) = (6 * asinh(50.0 / 600), 6 * asinh(9000.0 / 600))
        return low + (high - low) * Double(place) / 99
    }

    init(bytes: [UInt8]) {
        amplitude = bytes[4...].map { pow(10, (Double($0) - 255) * 80 / 255 / 20) }
        level = amplitude.map { 20 * log10($0 + 1e-3) }
        let stored = Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[$1]) << UInt32(8 * $1) })
        let peak = stored.isFinite && stored > 0 ? Double(stored) : 0
        energy = peak * peak * amplitude.reduce(0) { $0 + $1 * $1 }
        cepstra = (0..<100).map { [level] in cosine($0, of: level) }
    }

    func rootMeanSquare(_ orders: ClosedRange<Int>) -> Double {
        (cepstra[orders].reduce(0) { $0 + $1 * $1 } / Double(orders.count)).squareRoot()
    }

    func ripple(_ periods: Int) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for band in 0..<100 {
            let angle = 2 * Double.pi * Double(periods * band) / 100
            real += level[band] * cos(angle)
            imaginary += level[band] * sin(angle)
        }
        return log(1 + (real * real + imaginary * imaginary).squareRoot() / 10)
    }

    func distance(to other: PlainFrame) -> Double {
        (zip(level, other.level).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 100).squareRoot()
    }

    private func moment(_ power: Int, about centre: Double) -> Double {
        let moments = zip(amplitude, Self.scale).map { $0 * pow($1 - centre, Double(power)) }
        return moments.reduce(0, +) / amplitude.reduce(0, +)
    }

    var centroid: Double { moment(1, about: 0) }
    var spread: Double { (moment(2, about: centroid) + 1e-9).squareRoot() }
    var skewness: Double { moment(3, about: centroid) / (spread * spread * spread) }
    var flatness: Double { level.reduce(0, +) / 100 - 20 * log10(amplitude.reduce(0, +) / 100) }

    var rolloff: Double {
        let limit = 0.85 * (1 - 1e-12) * amplitude.reduce(0) { $0 + $1 * $1 }
        var (power, band) = (amplitude[0] * amplitude[0], 0)
        while power < limit {
            band += 1
            power += amplitude[band] * amplitude[band]
        }
        return Self.scale[band]
    }
}
