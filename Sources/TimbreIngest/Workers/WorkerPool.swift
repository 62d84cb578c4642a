import CLinux
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary

/// The extraction processes, and the files that are with them.
///
/// Files go to the worker that has the fewest; each works off its own in order. None goes behind a file that lies where
/// reading may take for ever, but others of that kind: where all workers have such files, one more is started. The pool
/// itself runs on no thread: its owner polls the sockets and tells it the time.
struct WorkerPool {
    typealias Instant = ContinuousClock.Instant

    /// Files that are sent ahead to one worker, so that it need not wait for the next while a turn is made: so many, or
    /// fewer where they are large, so that a file that is urgent need not wait for long, or where there are many workers,
    /// as each file is held open.
    static let depth = 64
    /// Files that are with workers, whatever their number.
    private static let most = 384
    /// Files that are sent ahead whatever their size.
    static let leastDepth = 4
    /// Bytes of files that are sent ahead.
    static let fullBytes: Int64 = 4 << 20

    /// How many processes there may be.
    private(set) var size: Int
    private let executable: FilePath
    private var workers: [Worker] = []
    private var restarts = Backoff(first: .milliseconds(100))
    private var deaths: [WorkerDeath] = []

    init(executable: FilePath, size: Int) {
        self.executable = executable
        self.size = size
        ExtractorProcess.prepare()
    }

    /// Whether another file can be handed out now.
    func hasRoom(at now: Instant) -> Bool {
        restarts.mayTry(at: now)
            && (workers.count < most(mayHang: false) || workers.contains { $0.hasRoom(depth: depth) })
    }

    /// How many processes there may be when a file is handed out.
    private func most(mayHang: Bool) -> Int {
        !mayHang && workers.count(where: \.mayHang) >= size ? size + 1 : size
    }

    /// Files that may be sent ahead to each worker.
    var depth: Int { max(Self.leastDepth, min(Self.depth, Self.most / max(1, size))) }

    /// Files that are with workers.
    var busyCount: Int { workers.reduce(0) { $0 + $1.jobs.count } }
    /// Workers that have taken up a file, and not answered for it yet.
    var begunCount: Int { workers.count { $0.began != nil } }
    /// Processes that run.
    var processIDs: [Int32] { workers.map(\.process.processID) }
    /// Why no worker can be started, while that is so.
    var trouble: String? { restarts.reason }

    /// Takes another number of processes into use; surplus ones end when they have nothing left to do.
    mutating func resize(to size: Int) {
        self.size = size
        while workers.count > size, let idle = workers.firstIndex(where: \.jobs.isEmpty) { workers.remove(at: idle) }
    }

    /// Hands a file to a worker.
    ///
    /// - Parameters:
    ///   - size: Bytes in the file.
    ///   - deadline: How long the worker may have the file, once it has begun with it.
    ///   - mayHang: Whether it lies where reading may take for ever.
    ///   - isAlone: Whether it goes to a new worker, and no other file with it: then what the worker does is the file's
    ///     doing, and not that of files before or behind it.
    /// - Returns: Whether a worker has taken it; if not, ask again when there is room.
    mutating func submit(
        _ request: ExtractionRequest, file: FileDescriptor, size: Int64 = 0, deadline: Duration, mayHang: Bool = false,
        isAlone: Bool = false, at now: Instant
    ) -> Bool {
        let most = most(mayHang: mayHang)
        guard let index = isAlone ? newWorker(most: most, at: now) : freeWorker(most: most, mayHang, at: now) else {
            return false
        }
        do throws(Errno) {
            try workers[index].process.send(request, file: file)
        } catch {
            // It has died; its socket says so to the next poll, and its files come back from there.
            return false
        }
        workers[index].add(
            Worker.Job(
                file: Int64(bitPattern: request.id), size: size, deadline: deadline,
                mostFrames: FeatureFrames.most(inSeconds: request.longest), mayHang: mayHang), at: now)
        return true
    }

    /// Starts a worker for one file, in the place of an idle one where there may be no more.
    private mutating func newWorker(most: Int, at now: Instant) -> Int? {
        if workers.count >= most, restarts.mayTry(at: now) {
            guard let idle = workers.firstIndex(where: \.jobs.isEmpty) else { return nil }
            workers.remove(at: idle)
        }
        return start(isForOne: true, at: now)
    }

    private mutating func start(isForOne: Bool, at now: Instant) -> Int? {
        guard restarts.mayTry(at: now) else { return nil }
        do throws(ExtractorStartError) {
            workers.append(Worker(process: try ExtractorProcess.start(executable), isForOne: isForOne))
            return workers.count - 1
        } catch {
            restarts.failed(at: now, why: "\(error)")
            return nil
        }
    }

    private mutating func freeWorker(most: Int, _ mayHang: Bool, at now: Instant) -> Int? {
        // So that one is always left for files that cannot hang.
        let mayJoinOthers = workers.count(where: \.mayHang) < size
        let candidate = workers.indices
            .filter {
                workers[$0].hasRoom(depth: depth)
                    && (mayHang ? mayJoinOthers || workers[$0].mayHang : !workers[$0].mayHang)
            }
            .min { workers[$0].jobs.count < workers[$1].jobs.count }
        if let candidate, workers[candidate].jobs.isEmpty { return candidate }
        if workers.count < most, let started = start(isForOne: false, at: now) { return started }
        return candidate
    }

    /// The sockets to poll for reading; their order is that of ``receive(from:at:)``.
    var sockets: [Int32] { workers.map(\.process.socket.rawValue) }

    /// Reads what the workers whose sockets are readable have to say.
    mutating func receive(from ready: [Int32], at now: Instant) -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        for index in workers.indices.reversed() where ready.contains(workers[index].process.socket.rawValue) {
            let before = outcomes.count
            switch workers[index].receive(into: &outcomes, at: now) {
            case .sound:
                if outcomes.count > before || !workers[index].jobs.isEmpty { restarts.succeeded() }
                let isSurplus = workers.count > size || workers[index].isForOne
                if isSurplus && workers[index].jobs.isEmpty { workers.remove(at: index) }
            case .gone: bury(index, why: nil, into: &outcomes, at: now)
            case .confused: bury(index, why: "the decoder answers nonsense", into: &outcomes, at: now)
            }
        }
        return outcomes
    }

    /// When the next file is overdue.
    var nextDeadline: Instant? { workers.compactMap(\.due).min() }

    /// When a worker may be started again, where starting has failed.
    var nextStart: Instant? { restarts.retry }

    /// Ends the workers that have overrun a deadline.
    mutating func expire(at now: Instant) -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        for index in workers.indices.reversed() where workers[index].due.map({ $0 <= now }) ?? false {
            workers[index].process.kill()
            let limit = workers[index].jobs.first?.deadline ?? .zero
            bury(index, why: "decoding took longer than \(limit.components.seconds) s", into: &outcomes, at: now)
        }
        return outcomes
    }

    /// Ends the workers that are at files of which nobody wants to know any more.
    mutating func giveUp(_ files: Set<Int64>, at now: Instant) -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        for index in workers.indices.reversed() {
            guard let file = workers[index].jobs.first?.file, files.contains(file) else { continue }
            bury(index, why: "its folder went away", isAtFault: false, into: &outcomes, at: now)
        }
        return outcomes
    }

    /// Takes out what there is to tell of workers that have died.
    mutating func takeDeaths() -> [WorkerDeath] {
        defer { deaths = [] }
        return deaths
    }

    /// Takes a worker out, and gives its files back.
    ///
    /// - Parameter isAtFault: Whether one that has never answered counts as a start that has failed.
    private mutating func bury(
        _ index: Int, why: String?, isAtFault: Bool = true, into outcomes: inout [WorkerOutcome], at now: Instant
    ) {
        let worker = workers.remove(at: index)
        worker.process.kill()
        let ending = worker.process.reapSoon()
        let file = worker.began == nil ? nil : worker.jobs.first?.file
        deaths.append(
            WorkerDeath(process: worker.process.processID, file: file, reason: why ?? "the decoder \(ending)"))
        if isAtFault, !worker.hasAnswered {
            restarts.failed(
                at: now, why: "\(executable) \(why.map { _ in "made no sense and " } ?? "")\(ending) at once")
        }
        for (place, job) in worker.jobs.enumerated() {
            let hadBegun = place == 0 && worker.began != nil
            let result: WorkerOutcome.Result = hadBegun ? .crashed(why ?? "the decoder \(ending)") : .returned
            outcomes.append(WorkerOutcome(file: job.file, result: result))
        }
    }
}
