import ContentHash
import Platform
import SoundFeatures
import TimbreExtraction

/// The result for a file that was handed to a worker.
struct WorkerOutcome: Sendable {
    enum Result: Sendable {
        case hashed(ContentHash, size: UInt64)
        /// Its sound has not changed since the file was last read, whatever else has; and what its tags are now.
        case sameAudio(ContentHash, size: UInt64, tags: SoundTags = SoundTags())
        /// Its tags, where nothing else was asked for.
        case tags(SoundTags)
        case extracted(Extraction)
        case failed(ExtractionFailure, ContentHash?)
        /// Some members of an archive; the first ones of a reading, or those that follow.
        case members([MemberReport], isFirst: Bool)
        /// The tags of a member of an archive, which is known by its hash alone.
        case memberTags(ContentHash, SoundTags)
        /// An archive has been gone through: what is to be said of it as a whole, and whether it was for what is in it.
        case archiveEnded(ExtractionFailure?, isListing: Bool)
        /// The worker died of this file, or was ended because it overran its deadline.
        case crashed(String)
        /// No worker has said anything of it: its worker died before it got to it, or was not the kind that it takes.
        case returned

        /// Whether the worker has said something about the file.
        var isOfTheFile: Bool {
            switch self {
            case .hashed, .sameAudio, .tags, .extracted, .failed, .members, .memberTags, .archiveEnded: true
            case .crashed, .returned: false
            }
        }

        /// Whether the worker died of the file, or was ended because of it.
        var isCrash: Bool { if case .crashed = self { true } else { false } }

        /// Whether the worker is done with a file of which this is said, if it is not said of a member.
        var endsReading: Bool {
            switch self {
            case .members, .memberTags: false
            default: true
            }
        }

        /// The file's size in bytes, if the worker has read it to its end.
        var size: UInt64? {
            switch self {
            case .hashed(_, let size), .sameAudio(_, let size, _): size
            case .extracted(let extraction): extraction.size
            case .tags, .failed, .members, .memberTags, .archiveEnded, .crashed, .returned: nil
            }
        }
    }

    var file: Int64
    /// The number of the member that it is about, if the file is an archive.
    var member: Int?
    var result: Result

    /// Whether the worker is done with the file.
    var isLast: Bool { result.endsReading && (member == nil || !result.isOfTheFile) }
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
    let process: ExtractorProcess
    /// Whether it was started for a single file that another worker died of.
    let isForOne: Bool
    /// Whether it was started with FFmpeg's libraries.
    let hasFFmpeg: Bool
    /// Whether it has met a file for which it lacks them.
    private(set) var lacksFFmpeg = false
    /// In the order in which they are worked through.
    private(set) var jobs: [WorkOrder] = []
    /// When the worker took up the first of its files, as it says.
    private(set) var began: ContinuousClock.Instant?
    /// When its first file came first in line: even a worker that says nothing has a deadline.
    private var becameFirst: ContinuousClock.Instant?
    /// Whether it has ever said anything.
    private(set) var hasAnswered = false
    private var frames = FeatureFrames()
    private var info: SoundInfo?
    /// The member of an archive that it decodes, or whose tags it reads.
    private(set) var member: Int?
    /// Members that it has told of since that was last passed on.
    private var members: [MemberReport] = []
    /// The member of an archive whose tags come next.
    private var tagged: ContentHash?
    /// Whether members of this archive have been passed on.
    private var hasListed = false
    /// The number of the member that it told of, or began to decode, last.
    private var lastNumber = -1

    init(process: ExtractorProcess, isForOne: Bool, hasFFmpeg: Bool = false) {
        self.process = process
        self.hasFFmpeg = hasFFmpeg
        self.isForOne = isForOne
    }

    /// Whether it takes another file, if it may have so many.
    func hasRoom(depth: Int) -> Bool {
        let isFull = jobs.count >= WorkerPool.leastDepth && bytes >= WorkerPool.fullBytes
        // Nothing goes behind an archive, which may take long.
        return isForOne ? jobs.isEmpty : jobs.count < depth && !isFull && !jobs.contains { $0.archive != nil }
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
    mutating func add(_ job: WorkOrder, at now: ContinuousClock.Instant) {
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
                case .wouldBlock:
                    passOnMembers(into: &outcomes)
                    return .sound
                case .end: return .gone
                case .reply(let reply):
                    guard let job = jobs.first, reply.id == UInt64(bitPattern: job.file) else { return .confused }
                    hasAnswered = true
                    guard let result = try received(reply.body, at: now) else { continue }
                    if case .archiveEnded(_, isListing: true) = result, !hasListed {
                        passOnMembers(into: &outcomes, evenNone: true)
                    } else {
                        passOnMembers(into: &outcomes)
                    }
                    let outcome = WorkerOutcome(file: job.file, member: member, result: result)
                    outcomes.append(outcome)
                    (frames, info, member) = (FeatureFrames(), nil, nil)
                    if outcome.isLast {
                        jobs.removeFirst()
                        (began, becameFirst, hasListed, lastNumber, tagged) = (nil, now, false, -1, nil)
                    }
                }
            }
            passOnMembers(into: &outcomes)
            return .sound
        } catch {
            return .confused
        }
    }

    /// Passes on the members that were told of.
    ///
    /// - Parameter evenNone: So that it is known that the archive was gone through anew.
    private mutating func passOnMembers(into outcomes: inout [WorkerOutcome], evenNone: Bool = false) {
        guard evenNone || !members.isEmpty, let job = jobs.first else { return }
        outcomes.append(WorkerOutcome(file: job.file, result: .members(members, isFirst: !hasListed)))
        (members, hasListed) = ([], true)
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
        case .shifted, .format, .samples, .ended, .bytes: throw ExtractionProtocolError()
        case .member(let report):
            switch (jobs.first?.archive, report.outcome) {
            // So that there is an end to it.
            case (.list, _) where report.number > lastNumber: members.append(report)
            case (.tags, .hashed(let hash)) where report.number == member: tagged = hash
            default: throw ExtractionProtocolError()
            }
            (lastNumber, began) = (report.number, now)
        case .memberBegan(let number):
            guard number > lastNumber, jobs.first?.archive?.mayBegin(number) == true else {
                throw ExtractionProtocolError()
            }
            (lastNumber, tagged) = (number, nil)
            (began, member, frames, info) = (now, number, FeatureFrames(), nil)
        case .archiveEnded(let failure):
            guard let step = jobs.first?.archive else { throw ExtractionProtocolError() }
            member = nil
            return .archiveEnded(failure, isListing: step == .list)
        case .info(let found): info = found
        case .failed(let failure, let hash):
            // Where tags are read, it is said of the archive.
            if case .tags? = jobs.first?.archive { member = nil }
            return .failed(failure, hash)
        case .sameAudio(let hash, let size, let tags): return .sameAudio(hash, size: size, tags: tags)
        case .tags(let tags):
            if let hash = tagged {
                tagged = nil
                return .memberTags(hash, tags)
            }
            guard jobs.first?.isForOwnTags ?? false else { throw ExtractionProtocolError() }
            return .tags(tags)
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
