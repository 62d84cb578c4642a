import SoundFeatures

/// Finds the nearest centroid of each frame: the step from features to codes.
///
/// Distances are sums of 13 squared differences in `Float`, added in the order of the components, whatever the
/// processor: a stored frame gets the same code on every machine. Among equally near centroids the lowest wins.
package struct FrameCoder: Sendable {
    /// The code of a silent frame, which sets no bit.
    package static let silent: UInt8 = 255

    /// How many centroids there are, 2 to 128.
    package let centroidCount: Int
    /// The centroids, shape `[13, 128]`: one row a component; columns beyond the last centroid are infinite.
    let columns: [Float]

    package init(_ model: TimbreModel) { self.init(centroids: model.centroids) }

    /// Takes centroids of shape `[centroidCount, 13]`.
    package init(centroids: [Float]) {
        centroidCount = centroids.count / TimbreModel.dimension
        precondition(TimbreModel.centroidCounts.contains(centroidCount) && centroids.count % TimbreModel.dimension == 0)
        var columns = [Float](repeating: .infinity, count: TimbreModel.dimension * TimbreCode.width)
        for place in centroids.indices {
            let (centroid, component) = place.quotientAndRemainder(dividingBy: TimbreModel.dimension)
            columns[component * TimbreCode.width + centroid] = centroids[place]
        }
        self.columns = columns
    }

    /// Codes the frames of a sound.
    ///
    /// - Parameter cepstra: The frames in the form of ``FeatureFrames/cepstra``.
    /// - Returns: The code of each frame; ``silent`` for those whose norm is 0.
    package func codes(of cepstra: [UInt8]) -> [UInt8] {
        var use = CodebookUse(centroidCount: centroidCount)
        return codes(of: cepstra, countedIn: &use)
    }

    /// Codes the frames of a sound, and adds up how well the codebook fits them.
    package func codes(of cepstra: [UInt8], countedIn use: inout CodebookUse) -> [UInt8] {
        precondition(cepstra.count % FeatureFrames.cepstrumStride == 0)
        let count = cepstra.count / FeatureFrames.cepstrumStride
        var sample = FrameSample()
        sample.append(cepstra)
        let nearest = assign(sample.values)
        var own = CodebookUse(centroidCount: centroidCount)
        self.count(nearest, in: &own)
        use.add(own)
        guard sample.count < count else { return nearest.codes }
        var spoken = nearest.codes.makeIterator()
        return (0..<count).map { FrameSample.isSilent($0, in: cepstra) ? Self.silent : spoken.next() ?? Self.silent }
    }

    /// How well the codebook fits a sample of frames.
    package func use(on sample: FrameSample) -> CodebookUse {
        var use = CodebookUse(centroidCount: centroidCount)
        let chunks = Chunks(count: sample.count)
        for chunk in 0..<chunks.chunkCount {
            count(assign(unsafe sample.withValues(of: chunks[chunk]) { unsafe Array($0) }), in: &use)
        }
        return use
    }

    private func count(_ nearest: (codes: [UInt8], squaredDistances: [Float]), in use: inout CodebookUse) {
        for code in nearest.codes { use.counts[Int(code)] += 1 }
        for distance in nearest.squaredDistances { use.squaredError += Double(distance) }
    }

    /// Finds the nearest centroid of each vector, shape `[n, 13]`, and the squared distance to it.
    package func assign(_ values: [Float]) -> (codes: [UInt8], squaredDistances: [Float]) {
        let count = values.count / TimbreModel.dimension
        var codes = [UInt8](repeating: 0, count: count)
        var distances = [Float](repeating: 0, count: count)
        assign(values.span, codes: codes.mutableSpan, squaredDistances: distances.mutableSpan)
        return (codes, distances)
    }
}
