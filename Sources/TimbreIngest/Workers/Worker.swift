import ContentHash
import Platform
import SoundFeatures
import TimbreExtraction

/// The result for a file that was handed to a worker.
struct WorkerOutcome: Sendable {
    enum Result: Sendable {
        case hashed(ContentHash, size: UInt64)
        /// Its sound has not changed since the file was last read, whatever else has.
        case sameAudio(ContentHash, size: UInt64)
        case extracted(Extraction)
        case failed(ExtractionFailure, ContentHash?)
        /// The worker died of this file, or was ended because it overran its deadline.
        case crashed(String)
        /// No worker has said anything of it: its worker died before it got to it, or was not the kind that it takes.
        case returned

        /// Whether the worker has said something about the file.
        var isOfTheFile: Bool {
            switch self {
            case .hashed, .sameAudio, .extracted, .failed: true
            case .crashed, .returned: false
            }
        }

        /// The file's size in bytes, if the worker has read it to its end.
        var size: UInt64? {
            switch self {
            case .hashed(_, let size), .sameAudio(_, let size): size
            case .extracted(let extraction): extraction.size
            case .failed, .crashed, .returned: nil
            }
        }
    }

    var file: Int64
    var result: Result
}

/// A worker that ended without having been asked to.
struct WorkerDeath: Equatable, Sendable {
    var process: Int32
    /// The file that it had taken up.
    var file: Int64?
    var reason: String
}

/// One extraction process, the files that it has, and what it has said about the first.
struct Worker {
    struct Job {
        var file: Int64
        /// Bytes in it.
        var size: Int64 = 0
        /// How long the worker may take for the file, once it has begun.
        var deadline: Duration
        /// The most frames that a sound of the allowed length has.
        var mostFrames = Int.max
        /// Whether reading it may hang.
        var mayHang = false
    }

    let process: ExtractorProcess
    /// Whether it was started for a single file that another worker died of.
    let isForOne: Bool
    /// Whether it was started with FFmpeg's libraries.
    let hasFFmpeg: Bool
    /// Whether it has met a file for which it lacks them.
    private(set) var lacksFFmpeg = false
    /// In the order in which they are worked through.
    private(set) var jobs: [Job] = []
    /// When the worker took up the first of its files, as it says.
    private(set) var began: ContinuousClock.Instant?
    /// When its first file came first in line: even a worker that says nothing has a deadline.
    private var becameFirst: ContinuousClock.Instant?
    /// Whether it has ever said anything.
    private(set) var hasAnswered = false
    private var frames = FeatureFrames()
    private var info: SoundInfo?

    init(process: ExtractorProcess, isForOne: Bool, hasFFmpeg: Bool = false) {
        self.process = process
        self.hasFFmpeg = hasFFmpeg
        self.isForOne = isForOne
    }

    /// Whether it takes another file, if it may have so many.
    func hasRoom(depth: Int) -> Bool {
        let isFull = jobs.count >= WorkerPool.leastDepth && bytes >= WorkerPool.fullBytes
        return isForOne ? jobs.isEmpty : jobs.count < depth && !isFull
    }

    /// Whether one of its files may hang and hold up those behind it.
    var mayHang: Bool { jobs.contains(where: \.mayHang) }

    /// Bytes of the files that it has.
    private var bytes: Int64 { jobs.reduce(0) { $0 + $1.size } }

    /// When the file that the worker has now is overdue.
    var due: ContinuousClock.Instant? {
        guard let job = jobs.first, let start = began ?? becameFirst.map({ $0 + Self.patience }) else { return nil }
        return start + job.deadline
    }

    /// How long a worker may take to take up the first of its files, beyond the file's own deadline.
    private static let patience = Duration.seconds(60)

    /// Adds a file that has been sent.
    mutating func add(_ job: Job, at now: ContinuousClock.Instant) {
        if jobs.isEmpty { becameFirst = now }
        jobs.append(job)
    }

    /// How a worker is doing.
    enum Condition {
        case sound
        case gone
        /// It says what no decoder would say.
        case confused
    }

    /// Replies that are read at a time, so that a worker that never stops talking does not hold up others.
    private static let mostReplies = 64

    /// Reads what there is to read, or the first replies of it.
    mutating func receive(into outcomes: inout [WorkerOutcome], at now: ContinuousClock.Instant) -> Condition {
        do throws(ExtractionProtocolError) {
            for _ in 0..<Self.mostReplies {
                switch try process.receiveIfReady() {
                case .wouldBlock: return .sound
                case .end: return .gone
                case .reply(let reply):
                    guard let job = jobs.first, reply.id == UInt64(bitPattern: job.file) else { return .confused }
                    hasAnswered = true
                    if let result = try received(reply.body, at: now) {
                        outcomes.append(WorkerOutcome(file: job.file, result: result))
                        jobs.removeFirst()
                        (began, becameFirst, frames, info) = (nil, now, FeatureFrames(), nil)
                    }
                }
            }
            return .sound
        } catch {
            return .confused
        }
    }

    /// Takes in one reply; returns the result if it was the last for its file.
    private mutating func received(
        _ body: ExtractionReply.Body, at now: ContinuousClock.Instant
    ) throws(ExtractionProtocolError) -> WorkerOutcome.Result? {
        switch body {
        case .began: began = now
        case .frames(let next):
            frames.append(next)
            // A worker must not be able to fill our memory.
            guard frames.count <= jobs.first?.mostFrames ?? 0 else { throw ExtractionProtocolError() }
        // Nobody asked for these.
        case .shifted, .format, .samples, .ended: throw ExtractionProtocolError()
        case .info(let found): info = found
        case .failed(let failure, let hash): return .failed(failure, hash)
        case .sameAudio(let hash, let size): return .sameAudio(hash, size: size)
        case .needsFFmpeg:
            guard !hasFFmpeg else { throw ExtractionProtocolError() }
            lacksFFmpeg = true
            return .returned
        // Nobody has asked for one.
        case .outline: throw ExtractionProtocolError()
        case .finished(let hash, let size):
            guard let info else { return .hashed(hash, size: size) }
            return .extracted(Extraction(info: info, frames: frames, content: hash, size: size))
        case .sound(let frames, let info, let hash, let size):
            guard frames.count <= jobs.first?.mostFrames ?? 0 else { throw ExtractionProtocolError() }
            return .extracted(Extraction(info: info, frames: frames, content: hash, size: size))
        }
        return nil
    }
}
