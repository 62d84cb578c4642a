import ContentHash
import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Learns a model from half of a library's sounds, and compares it with the one in use by sounds that neither has learnt from.
///
/// Of the other half that is what came into the library after the model in use was made. The names of the folders are no part
/// of what is learnt: they say afterwards which sounds belong together. The network of the model that comes with timbred, which
/// a retrain puts in the place of none, knows nothing of the library either.
struct HeldOutTrial {
    /// At most this many sounds are compared.
    private static let mostCompared = 1_000

    let training: ModelTraining

    /// The outcome.
    ///
    /// - Returns: By what is found if nothing is said of how, and by codes; nothing if the folders of the sounds that are left to
    ///   compare by tell nothing.
    /// - Throws: `LibraryError.stopping` if the work has to end, `.busy` if there is too little to learn from, and what the
    ///   catalog throws.
    /// - Complexity: That of the training, of half of its sounds at the most, and O(*n*) in the sounds that are compared for
    ///   each of up to 500 searches.
    func run() throws -> [RetrievalChange] {
        let contents = try training.catalog.read { try $0.liveContents() }
        let (learnt, heldOut) = try split(contents)
        let centroids = try training.train(on: learnt) { _, _, _ in }.centroids
        let metric = try MetricLearning.start(from: training.old, training.defaultModel).metric
        let sounds = try gather(heldOut, FrameCoder(centroids: centroids), metric)
        guard let comparison = FolderComparison(sounds, seed: training.request.seed) else { return [] }
        return [
            comparison.compareAnswers(
                hadVectors: training.old.hasVectors, hasVectors: metric != nil), comparison.compareCodes(),
        ].compactMap(\.self)
    }

    /// What is learnt from, and what is not and was not: half of the sounds at random, each by its own bytes.
    private func split(_ contents: [LiveContent]) throws -> (learnt: [LiveContent], heldOut: [LiveContent]) {
        let made = training.old.model.provenance?.created ?? .infinity
        var (learnt, heldOut): ([LiveContent], [LiveContent]) = ([], [])
        try training.catalog.read { reader in
            for content in contents {
                if training.mustEnd() { throw LibraryError.stopping }
                guard let record = try reader.content(content.id) else { continue }
                var generator = SeededGenerator(
                    seed: training.request.seed, salt: Array("held out".utf8) + record.hash.bytes)
                if generator.next() & 1 == 0 {
                    learnt.append(content)
                } else if record.added > made {
                    heldOut.append(content)
                }
            }
        }
        return (learnt, heldOut)
    }

    private func gather(
        _ contents: [LiveContent], _ coder: FrameCoder, _ metric: TimbreMetric?
    ) throws -> [LibrarySound] {
        let old = training.old
        @Sendable func describe(_ sound: LibrarySound, _ reader: CatalogReader) throws -> LibrarySound {
            var sound = sound
            try sound.code(by: old.coder, coder, reader)
            let bands = try reader.bands(of: sound.content, first: LibrarySounds.mostFrames)
            let count = bands.count / FeatureFrames.bandStride
            sound.oldVector = old.model.metric?.vector(of: bands, frameCount: count)
            sound.newVector =
                metric == old.model.metric ? sound.oldVector : metric?.vector(of: bands, frameCount: count)
            return sound
        }
        return try LibrarySounds(
            catalog: training.catalog, seed: training.request.seed, isCancelled: training.mustEnd
        ).gather(
            from: contents, limit: Self.mostCompared, progress: { _, _ in },
            describe: { sounds, reader in try sounds.map { try describe($0, reader) } })
    }
}
