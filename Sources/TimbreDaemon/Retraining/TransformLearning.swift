import ContentHash
import SystemPackage
import TimbreCoding
import TimbreExtraction
import TimbreStore

/// Gathers what a transform is learnt from and measured on: descriptors of some of the library's sounds, and of variants
/// that are made of their stored bands. Nothing is decoded.
struct TransformLearning {
    let catalog: Catalog
    let seed: UInt64
    /// Whether somebody wants the work to end.
    let isCancelled: @Sendable () -> Bool

    /// So many sounds say what there is to learn.
    private static let mostSounds = 3000
    /// Frames of a sound that are looked at, about 24 seconds: of longer ones the beginning.
    static let mostFrames = 1024
    /// One of so many sounds is held out.
    private static let heldOutShare = 5
    private static let threadCount = 2
    /// Sounds between two reports of progress.
    private static let batch = 32

    /// Why nothing can be learnt.
    enum Failure: Error { case cancelled }

    /// Describes some sounds of a library, chosen at random.
    ///
    /// - Parameter contents: All sounds, sorted by hash, so that the choice depends on the seed and the sounds alone.
    /// - Returns: The sounds in the order of their hashes; those in which nothing sounds are left out.
    func gather(from contents: [ContentRecord], progress: (Int, Int) -> Void) throws -> [LearningSound] {
        let chosen = draw(from: contents)
        var sounds: [LearningSound] = []
        for start in stride(from: 0, to: chosen.count, by: Self.batch) {
            if isCancelled() { throw Failure.cancelled }
            let batch = chosen[start..<min(start + Self.batch, chosen.count)]
            sounds += try batch.concurrentMap(threads: Self.threadCount, describe).compactMap(\.self)
            progress(start, chosen.count)
        }
        return sounds
    }

    /// Divides sounds into those to learn from and those to measure on.
    ///
    /// A sound's own hash says on which side it is, about every fifth being held out: in every retrain the same ones, so
    /// that the model in use has not learnt from them either.
    func split(_ sounds: [LearningSound]) -> (learnt: [LearningSound], heldOut: HeldOutSounds) {
        (sounds.filter { !$0.isHeldOut }, HeldOutSounds(sounds: sounds.filter(\.isHeldOut), seed: seed))
    }

    private func draw(from contents: [ContentRecord]) -> [ContentRecord] {
        guard contents.count > Self.mostSounds else { return contents }
        let sampler = FrameSampler(seed: seed)
        let places = sampler.frames(
            of: contents.reduce(contents[0].hash) { min($0, $1.hash) }, count: contents.count, quota: Self.mostSounds)
        return places.map { contents[$0] }
    }

    private func describe(_ content: ContentRecord) throws -> LearningSound? {
        let (part, folder) = try catalog.read { reader in
            let file = try reader.files(ofContent: content.id).min { $0.id < $1.id }
            let path = try file.flatMap { try reader.path(ofDirectory: $0.directory) } ?? []
            let folder = FilePath(rawBytes: path).lastComponent?.string ?? ""
            return (try reader.bands(of: content.id, first: Self.mostFrames), folder)
        }
        guard let descriptor = FrameDescriptors(bands: part).descriptor() else { return nil }
        let variants = BandVariant.all.compactMap { FrameDescriptors(bands: $0.apply(to: part)).descriptor() }
        guard variants.count == BandVariant.all.count else { return nil }
        return LearningSound(
            content: content.id, folder: folder, isHeldOut: Self.isHeldOut(content.hash), descriptor: descriptor,
            variants: variants)
    }

    private static func isHeldOut(_ hash: ContentHash) -> Bool {
        Int(hash.bytes.last ?? 0) % heldOutShare == 0
    }
}
