import Glibc

/// The descriptors of a sound, slowly: the formulas of `Tests/Training/descriptors.py`, one after the other and in double
/// precision, with which the fast ones are compared where there are no golden numbers. What is heard is known.
struct PlainDescriptor {
    private let frames: [PlainFrame]
    private let level: [Double]
    private let weights: [Double]

    /// Takes the frames that are heard, in the form of ``FeatureFrames/bands``, and their levels.
    init(bands: [UInt8], levels: [Double]) {
        level = levels
        var frames = stride(from: 0, to: bands.count, by: 104).enumerated().map { place, start in
            PlainFrame(bytes: Array(bands[start..<start + 104]), level: levels[place])
        }
        let greatest = (0..<93).map { band in frames.map { $0.absolute[band] }.max() ?? 0 }
        let top = greatest.max() ?? 0
        let last = greatest.lastIndex { $0 > top - 60 } ?? 92
        let cut = max(last - 2, 3)
        if last < 90, (greatest[cut - 3] + greatest[cut - 2] + greatest[cut - 1]) / 3 - greatest[last + 3] >= 25 {
            for place in frames.indices { frames[place].fill(from: cut) }
        }
        self.frames = frames
        let loudness = level.map { pow(10, $0 / 20 * 0.6) }
        weights = loudness.map { [sum = loudness.reduce(0, +)] in $0 / sum }
    }

    /// The numbers, shape `[410]`.
    var values: [Double] {
        let cepstra = (1...40).map { k in frames.map { $0.cepstrum(k) } }
        let ripple = (1...40).map { periods in frames.map { $0.ripple(periods) } }
        let shape = shape
        let slow = [2, 4, 8, 16].flatMap { lag in cepstra[..<12].map { change($0, lag) } }
        let envelope = (0...12).map { cosine($0, of: means(ofParts: 32, of: level), isFirstLarge: true) }
        let parts = (0..<12).map { place in
            let mean = mean(cepstra[place])
            return means(ofParts: 24, of: cepstra[place].map { $0 - mean })
        }
        let course = (1...4).flatMap { k in parts.map { cosine(k, of: $0) } }
        let greatest = (0..<93).map { band in frames.map { max($0.absolute[band], -60) }.max() ?? 0 }
        let decays = decays
        let falls = decays.dropFirst().flatMap { part in zip(part, decays[0]).map { $0 - $1 } }
        return cepstra.map(mean) + cepstra[..<30].map(deviation) + cepstra[..<30].map { change($0, 1) } + slow
            + envelope
            + times + shape.map(mean) + shape.map(deviation) + shape.map(attack) + cepstra[..<20].map(attack)
            + ripple.map(mean) + ripple[..<25].map(deviation) + course + (1...30).map { cosine($0, of: greatest) }
            + falls + decays[0].map { $0 - (decays[0].max() ?? 0) } + cepstra[..<12].map(skewness)
    }

    private var shape: [[Double]] {
        let flux = frames.indices.map { $0 == 0 ? 0 : frames[$0].distance(to: frames[$0 - 1]) }
        return [
            frames.map(\.centroid), frames.map(\.spread), frames.map(\.skewness), frames.map(\.flatness),
            frames.map(\.rolloff), frames.map { $0.rootMeanSquare(12...24) }, frames.map(\.fine), flux,
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

    private var decays: [[Double]] {
        let cuts = (0...10).map { (Double($0) * 9.3).rounded(.toNearestOrEven) }.map(Int.init)
        let wide = frames.map { frame in
            (0..<10).map { group in (cuts[group]..<cuts[group + 1]).map { max(frame.absolute[$0], -60) }.max() ?? 0 }
        }
        return [0..<3, 3..<8, 8..<20, 20..<44].map { part in
            let heard = wide.indices.filter { part.contains($0 - onset) }
            return (0..<10).map { group in
                heard.isEmpty ? -60 : heard.reduce(0) { $0 + wide[$1][group] } / Double(heard.count)
            }
        }
    }

    private var onset: Int { level.firstIndex { $0 > -20 } ?? 0 }

    private func mean(_ x: [Double]) -> Double { zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } }

    private func deviation(_ x: [Double]) -> Double {
        let mean = mean(x)
        return self.mean(x.map { ($0 - mean) * ($0 - mean) }).squareRoot()
    }

    private func skewness(_ x: [Double]) -> Double {
        let (mean, deviation) = (mean(x), deviation(x))
        return self.mean(x.map { pow($0 - mean, 3) }) / (deviation * deviation * deviation + 1)
    }

    private func change(_ x: [Double], _ lag: Int) -> Double {
        let pairs = x.indices.dropFirst(lag).map { (weights[$0 - lag] + weights[$0], abs(x[$0] - x[$0 - lag])) }
        let sum = pairs.reduce(0) { $0 + $1.0 }
        return sum > 0 ? pairs.reduce(0) { $0 + $1.0 * $1.1 } / sum : 0
    }

    private func attack(_ x: [Double]) -> Double {
        let part = onset..<min(onset + 4, x.count)
        return part.reduce(0) { $0 + weights[$1] * x[$1] } / part.reduce(0) { $0 + weights[$1] } - mean(x)
    }

    /// Means of equal parts: each value lasts as long as there are parts, each part as long as there are values.
    private func means(ofParts count: Int, of x: [Double]) -> [Double] {
        let fine = x.flatMap { Array(repeating: $0, count: count) }
        return (0..<count).map { part in fine[part * x.count..<(part + 1) * x.count].reduce(0, +) / Double(x.count) }
    }
}

/// One coefficient of a cosine transform whose rows have norm 1, but for row 0 where it is to be √2.
private func cosine(_ k: Int, of x: [Double], isFirstLarge: Bool = false) -> Double {
    var sum = 0.0
    for place in x.indices { sum += x[place] * cos(.pi * Double(k * (2 * place + 1)) / Double(2 * x.count)) }
    return sum * ((k == 0 && !isFirstLarge ? 1 : 2) / Double(x.count)).squareRoot()
}

/// The values of one frame.
private struct PlainFrame {
    /// The levels in decibels, the energy of the loudest frame being 0.
    private(set) var absolute: [Double]
    private var soft: [Double]
    private let amplitude: [Double]
    private static let scale = (0..<93).map { place in
        let (low, high) = (6 * asinh(50.0 / 600), 6 * asinh(9000.0 / 600))
        return low + (high - low) * Double(place) / 99
    }

    init(bytes: [UInt8], level: Double) {
        let all = bytes[4...].map { pow(10, (Double($0) - 255) * 80 / 255 / 20) }
        amplitude = Array(all[..<93])
        soft = amplitude.map { 20 * log10($0 + 0.01) }
        let energy = all.reduce(0) { $0 + $1 * $1 }
        absolute = amplitude.map { 20 * log10(max($0, 1e-4)) + level - 10 * log10(energy) }
    }

    mutating func fill(from cut: Int) {
        for (place, keys) in [(\PlainFrame.soft, -40.0), (\.absolute, -.infinity)].map({ ($0.1, $0.0) }) {
            let base = (self[keyPath: keys][cut - 3] + self[keyPath: keys][cut - 2] + self[keyPath: keys][cut - 1]) / 3
            for band in cut..<93 { self[keyPath: keys][band] = max(place, base - 0.5 * Double(band - cut + 2)) }
        }
    }

    func cepstrum(_ k: Int) -> Double { cosine(k, of: soft) }

    func rootMeanSquare(_ orders: ClosedRange<Int>) -> Double {
        (orders.reduce(0) { $0 + cepstrum($1) * cepstrum($1) } / Double(orders.count)).squareRoot()
    }

    var fine: Double { rootMeanSquare(25...92) }

    func ripple(_ periods: Int) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for band in 0..<93 {
            let angle = 2 * Double.pi * Double(periods * band) / 93
            real += soft[band] * cos(angle)
            imaginary += soft[band] * sin(angle)
        }
        return log(1 + (real * real + imaginary * imaginary).squareRoot() / 10)
    }

    func distance(to other: PlainFrame) -> Double {
        (zip(soft, other.soft).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 93).squareRoot()
    }

    private func moment(_ power: Int, about centre: Double) -> Double {
        let moments = zip(amplitude, Self.scale).map { $0 * pow($1 - centre, Double(power)) }
        return moments.reduce(0, +) / amplitude.reduce(0, +)
    }

    var centroid: Double { moment(1, about: 0) }
    var spread: Double { (moment(2, about: centroid) + 1e-9).squareRoot() }
    var skewness: Double { moment(3, about: centroid) / (spread * spread * spread) }
    var flatness: Double { soft.reduce(0, +) / 93 - 20 * log10(amplitude.reduce(0, +) / 93) }

    var rolloff: Double {
        let limit = 0.85 * (1 - 1e-6) * amplitude.reduce(0) { $0 + $1 * $1 }
        var sum = 0.0
        let place = amplitude.firstIndex { amplitude in
            sum += amplitude * amplitude
            return sum >= limit
        }
        return Self.scale[place ?? 92]
    }
}
