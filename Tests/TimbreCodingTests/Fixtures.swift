import SoundFeatures
import TimbreCodes
import TimbreCoding

/// Frames in the form in which they are stored, of unit vectors; nil stands for a silent frame.
func cepstra(_ frames: [[Float]?]) -> [UInt8] {
    frames.flatMap { frame -> [UInt8] in
        guard let frame else { return Array(repeating: 0, count: FeatureFrames.cepstrumStride) }
        let components = frame.flatMap { component -> [UInt8] in
            let stored = UInt16(bitPattern: Int16((component * FeatureFrames.unitScale).rounded()))
            return [UInt8(stored & 255), UInt8(stored >> 8)]
        }
        return components + (0..<4).map { UInt8(truncatingIfNeeded: Float(100).bitPattern >> UInt32(8 * $0)) }
    }
}

/// What a component reads as after it was stored.
func stored(_ component: Float) -> Float {
    (component * FeatureFrames.unitScale).rounded() / FeatureFrames.unitScale
}

/// Vectors of length 1 in random directions.
func randomFrames(_ count: Int, using generator: inout SeededGenerator) -> [[Float]] {
    (0..<count).map { _ in
        let vector = (0..<13).map { _ in Float(generator.fraction() - 0.5) }
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / norm }
    }
}

/// The nearest centroid, found plainly.
func nearest(_ frame: [Float], in centroids: [[Float]]) -> (code: Int, squaredDistance: Float) {
    var best = (code: 0, squaredDistance: Float.infinity)
    for (code, centroid) in centroids.enumerated() {
        var sum: Float = 0
        for (a, b) in zip(frame, centroid) {
            let difference = a - b
            let square = difference * difference
            sum += square
        }
        if sum < best.squaredDistance { best = (code, sum) }
    }
    return best
}
