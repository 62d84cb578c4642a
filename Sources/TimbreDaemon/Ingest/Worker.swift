import TimbreExtraction

/// One extraction process, the files that it has, and what it has said of the first.
struct Worker {
    struct Job {
        var file: Int64
        /// How long the worker may have the file, once it has begun with it.
        var deadline: Duration
    }

    let process: ExtractorProcess
    /// In the order in which they are worked off.
    private(set) var jobs: [Job] = []
    /// When the worker took up the first of its files, as it says.
    private(set) var began: ContinuousClock.Instant?
    /// When the first of its files became the first: even a worker that says nothing has a deadline.
    private var turn: ContinuousClock.Instant?
    /// Whether it has ever said anything.
    private(set) var hasAnswered = false
    private var frames = FeatureFrames()
    private var info: SoundInfo?

    init(process: ExtractorProcess) { self.process = process }

    /// When the file that the worker has now is overdue.
    var due: ContinuousClock.Instant? {
        guard let job = jobs.first, let start = began ?? turn.map({ $0 + Self.patience }) else { return nil }
        return start + job.deadline
    }

    /// How long a worker may take to take up the first of its files, beyond the file's own deadline.
    private static let patience = Duration.seconds(60)

    /// Adds a file that has been sent.
    mutating func add(_ job: Job, at now: ContinuousClock.Instant) {
        if jobs.isEmpty { turn = now }
        jobs.append(job)
    }

    /// Reads all that there is to read.
    ///
    /// - Returns: Whether the worker is still there and makes sense.
    mutating func receive(into outcomes: inout [WorkerOutcome], at now: ContinuousClock.Instant) -> Bool {
        do throws(ExtractionProtocolError) {
            while true {
                switch try process.receiveIfReady() {
                case .wouldBlock: return true
                case .end: return false
                case .reply(let reply):
                    hasAnswered = true
                    guard let job = jobs.first, reply.id == UInt64(bitPattern: job.file) else { return false }
                    if let result = try take(reply.body, at: now) {
                        outcomes.append(WorkerOutcome(file: job.file, result: result))
                        jobs.removeFirst()
                        (began, turn, frames, info) = (nil, now, FeatureFrames(), nil)
                    }
                }
            }
        } catch {
            return false
        }
    }

    /// Takes one reply in; the result, when it is the last for its file.
    private mutating func take(
        _ body: ExtractionReply.Body, at now: ContinuousClock.Instant
    ) throws(ExtractionProtocolError) -> WorkerOutcome.Result? {
        switch body {
        case .began: began = now
        case .frames(let next): frames.append(next)
        case .info(let found): info = found
        case .failed(let failure, let hash): return .failed(failure, hash)
        case .finished(let hash, let size):
            guard let info else { return .hashed(hash, size: size) }
            return .extracted(Extraction(info: info, frames: frames, content: hash, size: size))
        }
        return nil
    }
}
