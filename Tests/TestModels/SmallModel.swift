import EarlierMetric
import SoundFeatures
import TimbreCoding

/// A model whose centroids are the first few axes, so that a frame along an axis has that axis's number as its code.
package func smallModel(_ centroidCount: Int = 12) throws -> TimbreModel {
    var centroids = [Float](repeating: 0, count: centroidCount * TimbreModel.dimension)
    for centroid in 0..<centroidCount { centroids[centroid * TimbreModel.dimension + centroid] = 1 }
    return try TimbreModel(centroids: centroids)
}

/// The small model with a transform of before: a vector is the mean level of the first descriptors, each by itself.
///
/// - Parameter step: A unit of a vector's components, in deviations.
package func smallModelWithVectors(step: Float = 4 / 127) throws -> TimbreModel {
    let count = EarlierDescriptor.count
    var projection = [Float](repeating: 0, count: EarlierTransform.dimension * count)
    for row in 0..<EarlierTransform.dimension { projection[row * count + row] = 1 }
    let transform = try EarlierTransform(
        mean: Array(repeating: 0, count: count), scale: (0..<count).map { $0 < 40 ? 0.1 : 0.5 },
        projection: projection, step: step)
    return try TimbreModel(centroids: smallModel().centroids, metric: .earlier(transform))
}

/// Features whose frames lie along axes; nil stands for a silent frame.
package func features(_ axes: [Int?]) -> FeatureFrames {
    var frames = FeatureFrames()
    for axis in axes {
        var cepstrum = [UInt8](repeating: 0, count: FeatureFrames.cepstrumStride)
        if let axis {
            (cepstrum[2 * axis], cepstrum[2 * axis + 1]) = (0xff, 0x7f)
            // The norm, 1 as a Float.
            (cepstrum[28], cepstrum[29]) = (0x80, 0x3f)
        }
        frames.append(FeatureFrames(cepstra: cepstrum, bands: bands(axis)))
    }
    return frames
}

/// The bands of a frame along an axis: full scale at a place of the axis's own, and 5 dB less a band away from it.
private func bands(_ axis: Int?) -> [UInt8] {
    guard let axis else { return [UInt8](repeating: 0, count: FeatureFrames.bandStride) }
    let levels = (0..<FeatureFrames.bandStride - 4).map { UInt8(max(0, 255 - 16 * abs($0 - 8 * axis))) }
    return [0, 0, 0x80, 0x3f] + levels
}
