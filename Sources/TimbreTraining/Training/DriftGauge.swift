import Synchronization
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Measures how well the frozen model fits the newest sounds, which may be of a kind that it has never seen.
///
/// A reading is kept until there are newer sounds or another model.
package final class DriftGauge: Sendable {
    /// What was measured.
    struct Reading {
        fileprivate var newest: Int64
        fileprivate var generation: Int64
        /// The mean squared error of the model's training, if it says, and that of the newest sounds.
        var training: Double?
        var error: Double
        /// How many sounds were looked at.
        var sounds: Int

        /// Whether these sounds are so strange to the model that a new one may find more.
        var isStrange: Bool {
            sounds >= DriftGauge.fewest && training.map { error > DriftGauge.tolerated * $0 } ?? false
        }
    }

    private let last = Mutex<Reading?>(nil)

    /// How many sounds are looked at, and how many frames of each.
    private static let sounds = 50
    private static let frames = 1024
    /// Fewer sounds may be odd by chance.
    private static let fewest = 20
    /// By what factor the error must exceed that of the training for a retrain to be tried: within a model's own sources,
    /// the means of fifty sounds vary by less.
    private static let tolerated = 1.5

    package init() {}

    /// The drift of a generation; nil while there are no sounds.
    ///
    /// A retrain is advised only where one has been tried and found more; see ``RetrainTrial``. Under a model with a network
    /// it would not change answers.
    package func read(_ generation: Generation, _ catalog: Catalog) throws -> Drift? {
        guard let reading = try reading(generation, catalog) else { return nil }
        var pays = false
        if reading.isStrange, !generation.hasNetwork {
            pays = try catalog.read { reader in
                try RetrainTrial.outcome(of: generation.id, soundCount: reader.contentCount(), reader) ?? false
            }
        }
        return Drift(
            training: reading.training, newest: reading.error, files: reading.sounds, retrainAdvised: pays)
    }

    /// What is measured of a generation; nil while there are no sounds.
    func reading(_ generation: Generation, _ catalog: Catalog) throws -> Reading? {
        try catalog.read { reader in
            let newest = try reader.newestContents(limit: Self.sounds)
            guard let first = newest.first else { return nil }
            if let known = last.withLock({ $0 }), known.newest == first, known.generation == generation.id {
                return known
            }
            var use = CodebookUse(centroidCount: generation.model.centroidCount)
            for content in newest {
                var sample = FrameSample()
                sample.append(try reader.cepstra(of: content, first: Self.frames))
                use.add(generation.coder.use(on: sample))
            }
            let reading = Reading(
                newest: first, generation: generation.id, training: generation.model.provenance?.error,
                error: use.meanSquaredError, sounds: newest.count)
            last.withLock { $0 = reading }
            return reading
        }
    }
}
