import Glibc
import PageServer
import Platform
import Synchronization
import SystemPackage
import Varlink

/// Tells the pages that are open what happens, a line of JSON at a time, each over a connection that stays.
///
/// What happens within a moment is one line. Nobody is waited for: a page that does not read is hung up on when some 200 lines
/// wait for it, and asks for everything anew when it comes back. While no page is open, nothing runs.
final class PageNews: Sendable {
    /// What is said of the daemon.
    enum Daemon: String, Encodable {
        /// It answers, and what was known before may be wrong.
        case ready
        case gone
        /// Too much has happened at once: everything has to be asked for anew.
        case lost
    }

    /// What has happened since the line before.
    struct News: Encodable, Hashable {
        /// Sounds that are searchable for the first time.
        var new = 0
        /// All that happened.
        var changed = 0
        /// Absent if nothing else has become of it.
        var daemon: Daemon?
        /// Whether other sounds are marked.
        var favourites = false
    }

    /// There are as many open pages as there may be.
    struct Full: Error {}

    private struct State {
        var channels: [PageChannel] = []
        var news = News()
        var daemon: Daemon?
        var isRunning = false
    }

    private static let mostPages = 16
    /// Microseconds in which what happens becomes one line.
    private static let moment: UInt32 = 50_000
    /// How often it is looked for what nobody tells, in milliseconds, and in what number of these an empty line is sent, which
    /// finds out who has gone.
    private static let (tick, beat) = (Int32(1000), 5)

    private let state = Mutex(State())
    private let signal: EventSignal
    /// Whether other sounds are marked than when it was asked last.
    private let marksHaveChanged: @Sendable () -> Bool

    init(marksHaveChanged: @escaping @Sendable () -> Bool) throws(Errno) {
        signal = try EventSignal()
        self.marksHaveChanged = marksHaveChanged
    }

    /// Notes what has happened.
    func tell(_ change: (inout News) -> Void) {
        state.withLock { state in
            change(&state.news)
            if let daemon = state.news.daemon { state.daemon = daemon }
            if state.channels.isEmpty { state.news = News() }
        }
        signal.raise()
    }

    /// Begins to tell a page.
    ///
    /// - Returns: What it is answered with, which begins with what is known of the daemon.
    /// - Throws: ``Full``, or `Errno` if there is no descriptor or thread for it.
    func open() throws -> ServedFile {
        let (channel, served) = try PageChannel.make()
        // What is marked now is what the page will be told when it asks; from here on a change is news.
        if marksHaveChanged() { tell { $0.favourites = true } }
        try state.withLock { state in
            if state.channels.count >= Self.mostPages {
                // Of pages that are loaded again and again, those before have gone, which is found out by sending.
                state.channels.removeAll { !$0.offer(Self.emptyLine) }
                guard state.channels.count < Self.mostPages else { throw Full() }
            }
            var first = News()
            first.daemon = state.daemon
            _ = channel.offer(try Self.line(first))
            if !state.isRunning {
                try DetachedThread.start { self.run() }
                state.isRunning = true
            }
            state.channels.append(channel)
        }
        return served
    }

    private static let emptyLine = [UInt8(ascii: "\n")]

    private static func line(_ news: News) throws -> [UInt8] { try JSON.encode(news) + [UInt8(ascii: "\n")] }

    /// Tells, until no page is left.
    private func run() {
        var ticks = 0
        repeat {
            var entry = pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&entry, 1, Self.tick) > 0 {
                signal.lower()
                usleep(Self.moment)
            } else {
                ticks += 1
                if ticks % Self.beat == 0 { offer(Self.emptyLine) }
            }
            if marksHaveChanged() { tell { $0.favourites = true } }
        } while goesOn()
    }

    /// Tells what has happened since the last call.
    ///
    /// - Returns: Whether there is a page left.
    private func goesOn() -> Bool {
        let news = state.withLock { state in
            defer { state.news = News() }
            return state.news
        }
        if news != News() {
            // A line that cannot be made ends them all: they ask for everything then.
            do { offer(try Self.line(news)) } catch { state.withLock { $0.channels = [] } }
        }
        return state.withLock { state in
            state.isRunning = !state.channels.isEmpty
            return state.isRunning
        }
    }

    private func offer(_ line: [UInt8]) { state.withLock { $0.channels.removeAll { !$0.offer(line) } } }
}
