import ContentHash
import Platform
import SoundFeatures
import TimbreLibrary
import TimbreStore

/// The result for a file that was handed out.
struct Finding: Sendable {
    enum Result: Sendable {
        /// The worker's answer.
        case answer(WorkerOutcome.Result)
        /// The file could not be opened: why, or nil if it is not there.
        case unopened(String?)
        /// It could not be opened for lack of descriptors or memory: try again later.
        case postponed
        /// Its file system does not answer.
        case unanswered
        /// Somebody has it open for writing.
        case beingWritten
        /// It has not changed since it was last read.
        case unchanged
    }

    var file: Int64
    /// The number of the member that it is about, if the file is an archive and a worker had begun to decode one.
    var member: Int?
    var result: Result
    /// The identity of the open file when it was handed out.
    var identity: FileIdentity
    /// Whether the file had changed by the time the answer came.
    var hasChanged: Bool
    /// Whether somebody had it open for writing when the answer came.
    var isOpenForWriting = false

    /// Whether the worker is done with the file.
    var endsReading: Bool {
        guard case .answer(let result) = result else { return true }
        return WorkerOutcome(file: file, member: member, result: result).isLast
    }

    /// What was learnt, unless the file changed while it was read.
    var extraction: Extraction? {
        guard !hasChanged, case .answer(.extracted(let extraction)) = result else { return nil }
        return extraction
    }

    /// Its features, in bytes.
    fileprivate var byteCount: Int {
        guard case .answer(.extracted(let extraction)) = result else { return 0 }
        return extraction.frames.bands.count + extraction.frames.cepstra.count
    }
}

/// Findings that no turn has taken in yet: a turn takes in many at a time.
///
/// The value is told the time.
struct PendingFindings {
    typealias Instant = ContinuousClock.Instant

    /// So many findings are worth a turn.
    static let many = 128
    /// So many bytes of features are worth one.
    private static let manyBytes = 32 << 20
    /// How long findings wait for more to come.
    static let longestHold = Duration.milliseconds(50)

    private var findings: [Finding] = []
    private var byteCount = 0
    private var oldest: Instant?
    /// The codes of the extractions, under a generation.
    private var codes: (generation: Int64, codes: [ContentHash: CodeRecord]) = (0, [:])

    var isEmpty: Bool { findings.isEmpty }
    var count: Int { findings.count }
    var first: Finding? { findings.first }
    subscript(place: Int) -> Finding { findings[place] }
    /// When a turn is due for them.
    var due: Instant? { oldest.map { $0 + Self.longestHold } }

    /// Whether there is enough for a turn.
    func isDue(at now: Instant) -> Bool {
        findings.count >= Self.many || byteCount >= Self.manyBytes || due.map { $0 <= now } ?? false
    }

    mutating func add(_ finding: Finding, at now: Instant) {
        findings.append(finding)
        byteCount += finding.byteCount
        oldest = oldest ?? now
    }

    /// Removes what a turn has taken in.
    mutating func removeFirst(_ count: Int) {
        findings.removeFirst(count)
        byteCount = findings.reduce(0) { $0 + $1.byteCount }
        if findings.isEmpty { oldest = nil }
        codes.codes.removeAll(keepingCapacity: true)
    }

    /// What was learnt of files, as far as something was.
    func extractions(ofFirst count: Int) -> [Extraction] { findings.prefix(count).compactMap(\.extraction) }

    /// The codes of the extractions, made all together: that is much faster than one by one, and no transaction has to
    /// wait for it. Codes that could not be committed are there for the next turn.
    mutating func codes(ofFirst count: Int, under generation: Generation) -> [ContentHash: CodeRecord] {
        if codes.generation != generation.id { codes = (generation.id, [:]) }
        var found: [ContentHash: Generation.Features] = [:]
        for extraction in extractions(ofFirst: count)
        where codes.codes[extraction.content] == nil {
            found[extraction.content] = Generation.Features(extraction)
        }
        let contents = Array(found)
        for (content, code) in zip(contents, generation.codes(of: contents.map(\.value))) {
            codes.codes[content.key] = code
        }
        return codes.codes
    }
}
