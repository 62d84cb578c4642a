import ContentHash
import Platform
import SoundFeatures
import TimbreLibrary
import TimbreStore

/// What came of a file that was handed out.
struct Finding: Sendable {
    enum Result: Sendable {
        /// The worker's answer.
        case answer(WorkerOutcome.Result)
        /// The file could not be opened: why, or nil if it is not there.
        case unopened(String?)
        /// It could not be opened for want of descriptors or memory: later it can.
        case postponed
        /// Its file system does not answer.
        case unanswered
        /// Somebody has it open for writing.
        case beingWritten
        /// It is as it was when it was last read.
        case unchanged
    }

    var file: Int64
    var result: Result
    /// What the open file was when it was handed out.
    var identity: FileIdentity
    /// Whether it was another when the answer came.
    var hasChanged: Bool
    /// Whether somebody had it open for writing when the answer came.
    var isOpenForWriting = false

    /// What was learnt, if it belongs to the bytes that were read.
    var extraction: Extraction? {
        guard !hasChanged, case .answer(.extracted(let extraction)) = result else { return nil }
        return extraction
    }

    /// Bytes of features in it.
    fileprivate var byteCount: Int {
        guard case .answer(.extracted(let extraction)) = result else { return 0 }
        return extraction.frames.bands.count + extraction.frames.cepstra.count
    }
}

/// What came of files, and no turn has taken in yet: a turn takes in many at a time.
///
/// The value is told the time.
struct PendingFindings {
    typealias Instant = ContinuousClock.Instant

    /// Findings that are worth a transaction of their own.
    static let many = 128
    /// Bytes of features that are worth one.
    private static let manyBytes = 32 << 20
    /// How long findings are gathered while more are on their way.
    static let longestHold = Duration.milliseconds(50)

    private var findings: [Finding] = []
    private var byteCount = 0
    private var oldest: Instant?
    /// The codes of what was found, under a generation.
    private var codes: (generation: Int64, codes: [ContentHash: CodeRecord]) = (0, [:])

    var isEmpty: Bool { findings.isEmpty }
    var count: Int { findings.count }
    var first: Finding? { findings.first }
    subscript(place: Int) -> Finding { findings[place] }
    /// When a turn is due for them.
    var due: Instant? { oldest.map { $0 + Self.longestHold } }

    /// Whether they are worth a turn.
    func isDue(at now: Instant) -> Bool {
        findings.count >= Self.many || byteCount >= Self.manyBytes || due.map { $0 <= now } ?? false
    }

    mutating func add(_ finding: Finding, at now: Instant) {
        findings.append(finding)
        byteCount += finding.byteCount
        oldest = oldest ?? now
    }

    /// Takes out what a turn has taken in.
    mutating func removeFirst(_ count: Int) {
        findings.removeFirst(count)
        byteCount = findings.reduce(0) { $0 + $1.byteCount }
        if findings.isEmpty { oldest = nil }
        codes.codes.removeAll(keepingCapacity: true)
    }

    /// The codes of what was found, made all together: that takes much less time than one after the other, and no
    /// transaction waits. What a turn could not commit is there for the next one.
    mutating func codes(ofFirst count: Int, under generation: Generation) -> [ContentHash: CodeRecord] {
        if codes.generation != generation.id { codes = (generation.id, [:]) }
        var found: [ContentHash: Generation.Features] = [:]
        for case let extraction? in findings.prefix(count).map(\.extraction)
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
