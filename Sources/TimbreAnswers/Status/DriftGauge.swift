import Synchronization
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Measures how well the frozen model fits the newest sounds, which may be of a kind that it has never seen.
///
/// A reading is kept until there are newer sounds or another model.
final class DriftGauge: Sendable {
    private struct Reading {
        var newest: Int64
        var generation: Int64
        var drift: Drift
    }

    private let last = Mutex<Reading?>(nil)

    /// How many sounds are looked at, and how many frames of each.
    private static let sounds = 50
    private static let frames = 1024
    /// Fewer sounds may be odd by chance.
    private static let fewest = 20
    /// By what factor the error must exceed that of the training for a retrain to pay: within a model's own sources,
    /// the means of fifty sounds vary by less.
    private static let tolerated = 1.5

    /// The drift of a generation; nil while there are no sounds.
    func read(_ generation: Generation, _ catalog: Catalog) throws -> Drift? {
        try catalog.read { reader in
            let newest = try reader.newestContents(limit: Self.sounds)
            guard let first = newest.first else { return nil }
            if let known = last.withLock({ $0 }), known.newest == first, known.generation == generation.id {
                return known.drift
            }
            var use = CodebookUse(centroidCount: generation.model.centroidCount)
            for content in newest {
                var sample = FrameSample()
                sample.append(try reader.cepstra(of: content, first: Self.frames))
                use.add(generation.coder.use(on: sample))
            }
            let drift = Self.drift(
                training: generation.model.provenance?.error, newest: use.meanSquaredError, sounds: newest.count,
                hasNetwork: generation.hasNetwork)
            last.withLock { $0 = Reading(newest: first, generation: generation.id, drift: drift) }
            return drift
        }
    }

    /// What the two errors mean.
    ///
    /// - Parameter hasNetwork: Whether the model's vectors come from a network: a retrain would not change it, so that
    ///   answers would gain nothing.
    static func drift(training: Double?, newest: Double, sounds: Int, hasNetwork: Bool = false) -> Drift {
        let isStrange = training.map { newest > Self.tolerated * $0 } ?? false
        return Drift(
            training: training, newest: newest, files: sounds,
            retrainAdvised: isStrange && sounds >= Self.fewest && !hasNetwork)
    }
}
