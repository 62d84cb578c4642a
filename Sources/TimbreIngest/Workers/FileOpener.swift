import FolderWatch
import Glibc
import Platform
import Synchronization
import SystemPackage
import TimbreStore

/// Opens, checks and closes the files of one file system that can stop answering, on a thread that nobody waits for.
///
/// Everything is done in order, by a thread that exists as long as there is something to do. Results are posted.
final class FileOpener: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The result for a file.
    enum News: Sendable {
        case opened(OpeningTicket, OpenedFile)
        case unopened(OpeningTicket, Errno, FileIdentity?)
        /// A worker has answered, and the file has been checked for changes since it was opened.
        case checked(OpenedFile, WorkerOutcome, hasChanged: Bool)
    }

    private enum Job {
        case open(OpeningTicket, FilePath, below: FilePath)
        case check(OpenedFile, WorkerOutcome)
        case close(FileDescriptor)
    }

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
        /// When the current job began.
        var began: Instant?
    }

    private let state = Mutex(State())
    private let post: @Sendable (News) -> Void
    private let open: Opening

    /// How a file is opened: its path, the folder that contains it, and the opener that will close it.
    typealias Opening = @Sendable (FilePath, FilePath, FileOpener) -> Result<OpenedFile, Errno>

    init(open: @escaping Opening = FileOpener.open, post: @escaping @Sendable (News) -> Void) {
        self.open = open
        self.post = post
    }

    private static let open: Opening = { path, folder, opener in
        Result { () throws(Errno) in try OpenedFile.open(path, below: folder, opener: opener) }
    }

    /// Opens an ordinary file.
    ///
    /// - Parameter folder: As of ``OpenedFile/open(_:below:opener:)``.
    func open(_ path: FilePath, below folder: FilePath, for ticket: OpeningTicket) {
        add(.open(ticket, path, below: folder))
    }

    /// Finds out whether a file has changed since it was opened.
    func check(_ file: OpenedFile, for outcome: WorkerOutcome) { add(.check(file, outcome)) }

    func close(_ descriptor: FileDescriptor) { add(.close(descriptor)) }

    /// Since when the file system has not answered; nil while nothing is asked.
    var began: Instant? { state.withLock(\.began) }

    private func add(_ job: Job) {
        let mustStart = state.withLock { state in
            defer { state.isRunning = true }
            state.jobs.append(job)
            return !state.isRunning
        }
        guard mustStart else { return }
        do throws(Errno) {
            try DetachedThread.start { [self] in work() }
        } catch {
            // The jobs wait until the next one starts a thread.
            state.withLock { $0.isRunning = false }
        }
    }

    private func work() {
        while let job = next() {
            switch job {
            case .open(let ticket, let path, let folder):
                switch open(path, folder, self) {
                case .success(let file): post(.opened(ticket, file))
                case .failure(let error): post(.unopened(ticket, error, FileIdentity(of: path)))
                }
            case .check(let file, let outcome): post(.checked(file, outcome, hasChanged: file.hasChanged))
            case .close(let descriptor): _ = Glibc.close(descriptor.rawValue)
            }
        }
    }

    private func next() -> Job? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                (state.isRunning, state.began) = (false, nil)
                return nil
            }
            state.began = .now
            return state.jobs.removeFirst()
        }
    }
}

/// Tells one opening of a file from all others.
struct OpeningTicket: Hashable, Sendable {
    var file: Int64
    var number: Int
}
