import Platform
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Finds out whether a retrain would pay, before anybody is advised to do one.
///
/// Where the newest sounds fit a model badly, a new one is learnt from half of the sounds when there is nothing else to do, and
/// dropped again: what is kept is whether sounds of a folder that neither model has learnt from find each other better than
/// under the model in use, beyond what chance would do; see ``HeldOutTrial``. The outcome is kept with the generation, and
/// counts until the library has twice as many sounds.
///
/// Under a model with a network nothing is tried: a retrain leaves the network as it is, and with it all answers but those by
/// codes.
package struct RetrainTrial: Sendable {
    private let catalog: Catalog
    private let library: LiveLibrary
    private let ingest: Ingest
    private let retrainer: Retrainer
    private let request: @Sendable () -> TrainingRequest

    /// - Parameter request: What a retrain would be asked for now.
    package init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, retrainer: Retrainer,
        request: @escaping @Sendable () -> TrainingRequest
    ) {
        self.catalog = catalog
        self.library = library
        self.ingest = ingest
        self.retrainer = retrainer
        self.request = request
    }

    /// What came of the trial of a generation; nil if there was none, or it is out of date.
    static func outcome(of generation: Int64, soundCount: Int, _ reader: CatalogReader) throws -> Bool? {
        guard let kept = try reader.setting(setting(generation)), soundCount <= 2 * Int(kept >> 1) else { return nil }
        return kept & 1 == 1
    }

    /// Makes a trial if the newest sounds are strange to the model and none was made yet.
    ///
    /// It takes no longer than a retrain, on the calling thread and one more; queries and ingest go on.
    ///
    /// - Throws: What a training throws; nothing is kept then.
    package func runIfDue(_ gauge: DriftGauge) throws {
        let snapshot = library.snapshot
        guard snapshot.isComplete, !snapshot.generation.hasNetwork,
            let reading = try gauge.reading(snapshot.generation, catalog), reading.isStrange
        else { return }
        let generation = snapshot.generation.id
        let (count, known) = try catalog.read { reader in
            let count = try reader.contentCount()
            return (count, try Self.outcome(of: generation, soundCount: count, reader))
        }
        guard known == nil else { return }
        let gains = try retrainer.alone { Self.isGain(try retrainer.tryOut(request())) }
        // Another model has come meanwhile.
        guard library.snapshot.generation.id == generation else { return }
        try ingest.note(Self.setting(generation), Int64(count) << 1 | (gains ? 1 : 0))
    }

    /// Whether a change is one to advise: more is found if nothing is said of how, and no less by codes.
    static func isGain(_ changes: [RetrievalChange]) -> Bool {
        changes.contains { $0.measure == .folders && $0.isBetter } && !changes.contains(where: \.isWorse)
    }

    private static func setting(_ generation: Int64) -> String { "retrain trial \(generation)" }
}
