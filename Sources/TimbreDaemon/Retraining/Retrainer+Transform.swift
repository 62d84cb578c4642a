import TimbreCoding
import TimbreStore
import TimbreWire

extension Retrainer {
    /// What came of learning a transform.
    struct LearntTransform {
        /// The one that finds better; nil if there is none at all.
        var transform: TimbreTransform?
        /// Whether it was learnt here, and is not that of the old model.
        var isNew: Bool
        /// How the transform that was learnt finds sounds that were held out, against the old one, whether it was kept or
        /// not; and how the codes do.
        var changes: [RetrievalChange]

        /// In what the model is worse than the old one; nil if in nothing.
        var drawback: RetrievalChange? {
            changes.first { $0.isWorse && (isNew || $0.measure == .codes) }
        }
    }

    /// Learns a transform and keeps it if it finds better than the old one on sounds that were held out.
    ///
    /// Better is what is better beyond chance by variants or, where the folders' names were learnt from, by folders, and
    /// in neither respect worse. A library that is too small to learn from keeps the old one.
    func learnTransform(
        _ contents: [ContentRecord], _ request: Request, old: Generation, centroids: [Float], _ report: Report
    ) throws -> LearntTransform {
        let learning = TransformLearning(catalog: catalog, seed: request.seed) { self.isStopping }
        var sounds: [LearningSound]
        do {
            sounds = try learning.gather(from: contents) { report("describing sounds", $0, $1) }
        } catch TransformLearning.Failure.cancelled {
            throw LibraryError.stopping
        }
        report("learning what sounds alike", 0, 1)
        let (learnt, heldOut) = learning.split(sounds)
        let codeChange = try codeChange(heldOut, old: old, centroids: centroids)
        let candidate: TimbreTransform
        let final: TimbreTransform
        do throws(TransformTrainer.Failure) {
            candidate = try trainTransform(on: learnt, isByFolder: request.isByFolder)
            // Where nothing is to be decided, nothing has to be held out.
            final = request.isForced ? try trainTransform(on: sounds, isByFolder: request.isByFolder) : candidate
        } catch {
            return LearntTransform(
                transform: old.model.transform, isNew: false, changes: [codeChange].compactMap(\.self))
        }
        guard let known = old.model.transform else {
            return LearntTransform(transform: final, isNew: true, changes: [codeChange].compactMap(\.self))
        }
        let changes = heldOut.changes(from: known, to: candidate)
        let isBetter = changes.contains { $0.isBetter && (request.isByFolder || $0.measure == .variants) }
        let isKept = request.isForced || (isBetter && !changes.contains(where: \.isWorse))
        return LearntTransform(
            transform: isKept ? final : known, isNew: isKept, changes: changes + [codeChange].compactMap(\.self))
    }

    private func trainTransform(
        on sounds: [LearningSound], isByFolder: Bool
    ) throws(TransformTrainer.Failure) -> TimbreTransform {
        var trainer = TransformTrainer()
        for sound in sounds {
            trainer.add(sound.descriptor, variants: sound.variants, label: isByFolder ? sound.folder : nil)
        }
        return try trainer.train()
    }

    /// How the new codes find sounds that were held out, against the old ones.
    private func codeChange(
        _ heldOut: HeldOutSounds, old: Generation, centroids: [Float]
    ) throws -> RetrievalChange? {
        let coder = FrameCoder(centroids: centroids)
        let sounds = try heldOut.sounds.map { sound in
            var sound = sound
            if isStopping { throw LibraryError.stopping }
            let cepstra = try catalog.read { try $0.cepstra(of: sound.content, first: TransformLearning.mostFrames) }
            sound.oldCodes = SpanPooling.pool(old.coder.codes(of: cepstra)).map(\.code).filter { !$0.isEmpty }
            sound.newCodes = SpanPooling.pool(coder.codes(of: cepstra)).map(\.code).filter { !$0.isEmpty }
            return sound
        }
        return HeldOutSounds(sounds: sounds, seed: heldOut.seed).codeChange()
    }
}
