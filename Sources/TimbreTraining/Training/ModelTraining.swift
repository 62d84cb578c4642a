import Platform
import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Reports progress: the stage, how much of it is done, and of how much.
package typealias TrainingReport = (String, Int, Int) -> Void

/// The parameters of a training.
package struct TrainingRequest: Sendable {
    package var seed: UInt64
    package var centroidCount: Int
    /// Whether the model is only compared with the one in use.
    package var isDry: Bool
    /// Whether the names of folders say what sounds alike.
    package var isByFolder: Bool
    /// Whether the model is put to use even if it finds less.
    package var isForced: Bool
    /// Whether nobody wants the model any more.
    package var isAbandoned: @Sendable () -> Bool

    package init(
        seed: UInt64, centroidCount: Int, isDry: Bool = false, isByFolder: Bool = false, isForced: Bool = false,
        isAbandoned: @escaping @Sendable () -> Bool = { false }
    ) {
        self.seed = seed
        self.centroidCount = centroidCount
        self.isDry = isDry
        self.isByFolder = isByFolder
        self.isForced = isForced
        self.isAbandoned = isAbandoned
    }
}

/// Learns a model from the stored features of a library. Nothing is decoded.
struct ModelTraining {
    let catalog: Catalog
    let request: TrainingRequest
    /// The generation in use.
    let old: Generation
    /// Reads the model whose network is used where the library's model has none.
    let defaultModel: @Sendable () throws -> TimbreModel
    /// Whether somebody wants the work to end.
    let mustEnd: @Sendable () -> Bool

    /// A new model, and what was measured on the way.
    struct Outcome {
        var model: TimbreModel
        var learnt: MetricLearning.Outcome
        var frames: FrameTraining
        var contentCount: Int
    }

    /// New centroids, and how well they and the old ones fit the sample.
    struct FrameTraining {
        var centroids: [Float]
        var newUse: CodebookUse
        var oldUse: CodebookUse
    }

    /// Learns a model from the library. Its memory is freed at the end.
    func run(_ report: TrainingReport) throws -> Outcome {
        let contents = try catalog.read { try $0.liveContents() }
        let frames = try train(on: contents, report)
        FreedMemory.giveBack()
        let learning = MetricLearning(
            sounds: LibrarySounds(catalog: catalog, seed: request.seed, isCancelled: mustEnd), old: old,
            isByFolder: request.isByFolder, isForced: request.isForced, isStopping: mustEnd)
        let learnt = try learning.learn(from: contents, centroids: frames.centroids, fallback: defaultModel, report)
        let uncalibrated = try TimbreModel(centroids: frames.centroids, metric: learnt.metric, score: learnt.score)
        let frameCount = frames.newUse.frameCount
        let model = try TimbreModel(
            centroids: frames.centroids, metric: learnt.metric, score: learnt.score,
            calibration: try calibration(
                of: contents, Generation(id: 0, model: uncalibrated), report),
            provenance: TimbreModel.Provenance(
                created: WallClock.seconds(), frames: frameCount, files: contents.count, seed: request.seed,
                error: frames.newUse.meanSquaredError),
            note:
                "\(CountedNoun.text(contents.count, "sound")), \(CountedNoun.text(frameCount, "frame")), seed \(request.seed)"
        )
        return Outcome(model: model, learnt: learnt, frames: frames, contentCount: contents.count)
    }

    /// Finds centroids for the frames of some contents. The frames are freed at the end.
    func train(
        on contents: [LiveContent], _ report: TrainingReport
    ) throws -> FrameTraining {
        let sample = try gather(contents, report)
        var trainer = CentroidTrainer(centroidCount: request.centroidCount, seed: request.seed)
        trainer.threadCount = 2
        do throws(CentroidTrainer.Failure) {
            let result = try trainer.train(
                on: sample, progress: { report("training", Int($0.fraction * 1000), 1000) },
                isCancelled: mustEnd)
            return FrameTraining(centroids: result.centroids, newUse: result.use, oldUse: old.coder.use(on: sample))
        } catch .cancelled {
            throw LibraryError.stopping
        } catch {
            throw LibraryError.busy(reason: "the library is too small to learn from: \(error)")
        }
    }

    /// Draws the frames to learn from.
    private func gather(
        _ contents: [LiveContent], _ report: TrainingReport
    ) throws -> FrameSample {
        let sampler = FrameSampler(seed: request.seed)
        let quota = sampler.quota(for: contents.map(\.soundingCount))
        var sample = FrameSample(storing: contents.reduce(0) { $0 + min(quota, $1.soundingCount) })
        for (place, content) in contents.enumerated() where content.soundingCount > 0 {
            if mustEnd() { throw LibraryError.stopping }
            try catalog.read { reader in
                // It may have been pruned meanwhile.
                guard let hash = try reader.hash(ofContent: content.id) else { return }
                let frames = sampler.frames(of: hash, count: content.soundingCount, quota: quota)
                sample.append(try reader.cepstra(of: content.id), choosing: frames)
            }
            report("gathering frames", place, contents.count)
        }
        return sample
    }

    /// Measures how far apart sounds are under a model. Only the sounds that are drawn are coded: what is silent is
    /// silent under any model.
    private func calibration(
        of contents: [LiveContent], _ generation: Generation, _ report: TrainingReport
    ) throws -> Calibration? {
        let sounding = contents.filter { $0.soundingCount > 0 }.map(\.id)
        var known: [Int: [TimbreCode]] = [:]
        let most = min(sounding.count, 2 * Self.pairs)
        return try Calibration(ofFiles: sounding.count, seed: request.seed, pairs: Self.pairs) { place in
            if let codes = known[place] { return codes }
            if mustEnd() { throw LibraryError.stopping }
            let frames = generation.coder.codes(of: try catalog.read { try $0.cepstra(of: sounding[place]) })
            let codes = SpanPooling.pool(frames).map(\.code).filter { !$0.isEmpty }
            known[place] = codes
            report("coding", known.count, most)
            return codes
        }
    }

    /// Pairs of sounds that a model is calibrated on.
    private static let pairs = 20_000
}
