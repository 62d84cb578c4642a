import CLinux
import Glibc
import Platform
import SystemPackage
import TimbreExtraction
import TimbreLibrary

/// The extraction processes, and the files that are with them.
///
/// Files go to the worker that has the fewest; each works through its own in order. No file goes behind one whose
/// reading may hang, but for others of that kind: if all workers have such files, one more is started. FFmpeg's libraries
/// are loaded by no worker until one meets a file that takes them; from then on by each that is started, and those without
/// them end as soon as they have nothing left to do. The pool itself runs on no thread: its owner polls the sockets and
/// tells it the time.
struct WorkerPool {
    typealias Instant = ContinuousClock.Instant

    /// Files that are sent ahead to one worker, so that it does not run dry while a turn is made: so many, or fewer
    /// where they are large, so that an urgent file does not wait for long, or where there are many workers, as each
    /// file is held open.
    static let depth = 64
    /// The most files that are sent ahead, however many workers there are.
    private static let most = 384
    /// Files that are always sent ahead, whatever their size.
    static let leastDepth = 4
    /// Beyond this many bytes of files, no more are sent ahead.
    static let fullBytes: Int64 = 4 << 20

    /// How many processes there may be.
    private(set) var size: Int
    private let executable: FilePath
    private var workers: [Worker] = []
    private var restarts = Backoff(first: .milliseconds(100))
    private var deaths: [WorkerDeath] = []
    /// Whether workers are started with FFmpeg's libraries.
    private var needsFFmpeg = false

    init(executable: FilePath, size: Int) {
        self.executable = executable
        self.size = size
        ExtractorProcess.prepare()
    }

    /// Whether another file can be handed out now.
    func hasRoom(at now: Instant) -> Bool {
        restarts.mayTry(at: now)
            && (workers.count < most(mayHang: false) || workers.contains { hasRoom($0) })
    }

    private func hasRoom(_ worker: Worker) -> Bool { isUpToDate(worker) && worker.hasRoom(depth: depth) }

    /// Whether a worker has what the files seen so far take.
    private func isUpToDate(_ worker: Worker) -> Bool { worker.hasFFmpeg || !needsFFmpeg }

    /// How many processes there may be when a file is handed out.
    private func most(mayHang: Bool) -> Int {
        !mayHang && workers.count(where: \.mayHang) >= size ? size + 1 : size
    }

    /// Files that may be sent ahead to each worker.
    var depth: Int { max(Self.leastDepth, min(Self.depth, Self.most / max(1, size))) }

    /// Files that are with workers.
    var busyCount: Int { workers.reduce(0) { $0 + $1.jobs.count } }
    /// Workers that have begun a file and not answered yet.
    var begunCount: Int { workers.count { $0.began != nil } }
    /// Workers that unpack members of archives into memory.
    var unpackingCount: Int {
        workers.count { worker in
            worker.jobs.contains { $0.archive != nil && $0.archive != .list }
        }
    }
    /// Running processes.
    var processIDs: [Int32] { workers.map(\.process.processID) }
    /// Why no worker can be started, while that is so.
    var trouble: String? { restarts.reason }

    /// Changes the number of processes; surplus ones end when they have nothing left to do.
    mutating func resize(to size: Int) {
        self.size = size
        while workers.count > size, let idle = workers.firstIndex(where: \.jobs.isEmpty) { workers.remove(at: idle) }
    }

    /// Hands a file to a worker.
    ///
    /// - Returns: Whether a worker has taken it; if not, try again when there is room.
    mutating func submit(_ order: WorkOrder, file: FileDescriptor, at now: Instant) -> Bool {
        let most = most(mayHang: order.mayHang)
        let index = order.isAlone ? newWorker(most: most, at: now) : freeWorker(most: most, order.mayHang, at: now)
        guard let index else { return false }
        do throws(Errno) {
            try workers[index].process.send(order.request, file: file)
        } catch {
            // It has died; the next poll of its socket will show that and bring back its files.
            return false
        }
        workers[index].add(order, at: now)
        return true
    }

    /// Starts a worker for one file, in place of an idle one if there may be no more.
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
            let process = try ExtractorProcess.start(executable, withFFmpeg: needsFFmpeg)
            workers.append(Worker(process: process, isForOne: isForOne, hasFFmpeg: needsFFmpeg))
            return workers.count - 1
        } catch {
            restarts.failed(at: now, why: "\(error)")
            return nil
        }
    }

    private mutating func freeWorker(most: Int, _ mayHang: Bool, at now: Instant) -> Int? {
        // One worker is always left for files that cannot hang.
        let mayJoinOthers = workers.count(where: \.mayHang) < size
        let candidate = workers.indices
            .filter {
                hasRoom(workers[$0])
                    && (mayHang ? mayJoinOthers || workers[$0].mayHang : !workers[$0].mayHang)
            }
            .min { workers[$0].jobs.count < workers[$1].jobs.count }
        if let candidate, workers[candidate].jobs.isEmpty { return candidate }
        if workers.count < most, let started = start(isForOne: false, at: now) { return started }
        return candidate
    }

    /// The sockets to poll for reading; their order is that of ``receive(from:at:)``.
    var sockets: [Int32] { workers.map(\.process.socket.rawValue) }

    /// Reads the answers of the workers whose sockets are readable.
    mutating func receive(from ready: [Int32], at now: Instant) -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        for index in workers.indices.reversed() where ready.contains(workers[index].process.socket.rawValue) {
            let before = outcomes.count
            switch workers[index].receive(into: &outcomes, at: now) {
            case .sound:
                if outcomes.count > before || !workers[index].jobs.isEmpty { restarts.succeeded() }
                needsFFmpeg = needsFFmpeg || workers[index].lacksFFmpeg
                let isSurplus = workers.count > size || workers[index].isForOne
                if isSurplus && workers[index].jobs.isEmpty { workers.remove(at: index) }
            case .gone: bury(index, why: nil, into: &outcomes, at: now)
            case .confused: bury(index, why: "the decoder answers nonsense", into: &outcomes, at: now)
            }
        }
        if needsFFmpeg { workers = workers.filter { isUpToDate($0) || !$0.jobs.isEmpty } }
        return outcomes
    }

    /// When the next file is overdue.
    var nextDeadline: Instant? { workers.compactMap(\.due).min() }

    /// When a worker may be started again, after a start has failed.
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

    /// Ends the workers that are reading files that nobody needs any more.
    mutating func giveUp(_ files: Set<Int64>, at now: Instant) -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        for index in workers.indices.reversed() {
            guard let file = workers[index].jobs.first?.file, files.contains(file) else { continue }
            bury(index, why: "its folder went away", isAtFault: false, into: &outcomes, at: now)
        }
        return outcomes
    }

    /// Ends the workers that are at such a file, and says nothing of what they have: the next start reads it.
    mutating func drop(where isDropped: (WorkOrder) -> Bool) {
        workers.removeAll { $0.jobs.first.map(isDropped) ?? false }
    }

    /// Takes out the deaths of workers.
    mutating func takeDeaths() -> [WorkerDeath] {
        defer { deaths = [] }
        return deaths
    }

    /// Removes a worker, and gives its files back.
    ///
    /// - Parameter isAtFault: Whether a worker that has never answered counts as a failed start.
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
            outcomes.append(WorkerOutcome(file: job.file, member: hadBegun ? worker.member : nil, result: result))
        }
    }
}
