import TimbreCodes
import TimbreDescriptors
import TimbreIndex

/// Lets each sound through once: of files that hold the same sound the first one that comes, whatever their names.
///
/// Two files hold the same sound if nothing that the index knows of how they sound differs: their length to the sample, their
/// figures, and the codes and vectors of all spans. So do copies, and a sound in another format without loss, or with other
/// tags, or louder as a whole; another stroke of the same drum does not.
struct DistinctSounds {
    private struct Sound: Hashable {
        let sampleCount: Int
        let figures: SoundFigures?
        let vector: TimbreVector?
        let spans: [IndexedSpan]

        init(_ file: IndexedFile) {
            (sampleCount, figures) = (file.sampleCount, file.figures)
            (vector, spans) = (file.vector, file.spans)
        }
    }

    private let index: TimbreIndex
    /// The files that sounds came from, by hash values of these: all spans of long recordings would be much to keep.
    private var files: [Int: [Int64]] = [:]

    /// - Parameter known: Files whose sounds have been there, so that no other one of them is let through.
    init(in index: TimbreIndex, after known: Set<Int64> = []) {
        self.index = index
        for file in known.sorted() { _ = takes(file) }
    }

    /// Whether a file's sound is new, or has come from that very file.
    ///
    /// - Complexity: O(*n*) in the spans of the file.
    mutating func takes(_ file: Int64) -> Bool {
        guard let sound = index.file(file).map(Sound.init) else { return false }
        let hash = sound.hashValue
        if let first = files[hash]?.first(where: { index.file($0).map(Sound.init) == sound }) { return first == file }
        files[hash, default: []].append(file)
        return true
    }
}
