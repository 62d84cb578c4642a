import CTimbreKernels
import Glibc
import SoundFeatures
import TimbreCodes

/// Finds the nearest centroid of each frame: the step from features to codes.
///
/// Distances are sums of 13 squared differences in `Float`, added in the order of the components, whatever the
/// processor: a stored frame gets the same code on every machine. Among equally near centroids the lowest wins.
package struct FrameCoder: Sendable {
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
    /// - Returns: The code of each frame; ``SpanPooling/silent`` for those whose norm is 0.
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
        return (0..<count).map {
            FrameSample.isSilent($0, in: cepstra) ? SpanPooling.silent : spoken.next() ?? SpanPooling.silent
        }
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

    /// Finds the nearest centroid of each vector.
    ///
    /// - Parameters:
    ///   - values: The vectors, shape `[n, 13]`.
    ///   - codes: Receives the index of each vector's nearest centroid, shape `[n]`; the lowest on a tie.
    ///   - squaredDistances: Receives the squared distance to that centroid, shape `[n]`.
    /// - Complexity: O(*n*); allocates nothing.
    func assign(
        _ values: Span<Float>, codes: consuming MutableSpan<UInt8>, squaredDistances: consuming MutableSpan<Float>
    ) {
        let count = codes.count
        precondition(values.count == count * TimbreModel.dimension && squaredDistances.count == count)
        guard count > 0 else { return }
        unsafe values.withUnsafeBufferPointer { values in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe codes.withUnsafeMutableBufferPointer { codes in
                    unsafe squaredDistances.withUnsafeMutableBufferPointer { distances in
                        unsafe timbre_nearest(
                            values.baseAddress, count, columns.baseAddress, codes.baseAddress, distances.baseAddress)
                    }
                }
            }
        }
    }
}

/// How well a codebook fits some frames, and how evenly it is used.
package struct CodebookUse: Hashable, Sendable {
    /// How many frames have each code.
    package var counts: [Int]
    /// The squared distances of all frames to their centroids, added up.
    package var squaredError: Double

    /// Nothing coded yet.
    package init(centroidCount: Int) {
        counts = Array(repeating: 0, count: centroidCount)
        squaredError = 0
    }

    /// How many frames were coded, the silent ones not counted.
    package var frameCount: Int { counts.reduce(0, +) }

    /// The mean squared distance of a frame to its centroid, 0 to 4 for unit vectors; 0 if there are no frames.
    package var meanSquaredError: Double { frameCount == 0 ? 0 : squaredError / Double(frameCount) }

    /// How many centroids no frame is nearest to.
    package var unusedCount: Int { counts.count { $0 == 0 } }

    /// How many centroids are in use in effect: 2 to the entropy of the codes, 1 to the number of centroids; 0 without
    /// frames.
    package var perplexity: Double {
        let total = Double(frameCount)
        guard total > 0 else { return 0 }
        let entropy = counts.filter { $0 > 0 }.reduce(0.0) { $0 - Double($1) / total * log2(Double($1) / total) }
        return exp2(entropy)
    }

    /// Adds what was counted elsewhere, with the same codebook.
    package mutating func add(_ other: CodebookUse) {
        precondition(counts.count == other.counts.count)
        for code in counts.indices { counts[code] += other.counts[code] }
        squaredError += other.squaredError
    }
}
