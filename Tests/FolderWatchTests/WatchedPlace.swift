import Dispatch
import FolderWatch
import Foundation
import Glibc
import Synchronization
import SystemPackage
import TestFiles
import Testing

/// A temporary place with folders, a watcher of them, and what it has told so far.
final class WatchedPlace: Sendable {
    let place: FilePath
    private let settings: WatchSettings
    private let names: [FilePath]
    private let current: Mutex<FolderWatcher>
    private let left = Mutex<WatchHandover?>(nil)
    private let shelf = Mutex(Shelf())
    private let news = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    /// Held while the watcher's reader is to be slow.
    let reading = Mutex(())

    /// Makes a place with the folders `names` (those that `make` lists exist), and watches them.
    init(
        _ names: [FilePath] = ["root"], make: [FilePath]? = nil, settle: Duration = .milliseconds(40),
        filter: NameFilter = NameFilter(), followSymlinks: Bool = false, pollingInterval: Duration = .milliseconds(100),
        isPolled: Bool = false, before: (FilePath) throws -> Void = { _ in }
    ) throws {
        place = try Disk.temporaryPlace()
        for name in make ?? names { try Disk.makeDirectory(place.pushing(name)) }
        try before(place)
        settings = WatchSettings(
            settle: settle, filter: filter, followSymlinks: followSymlinks, cookieDirectory: place.appending("sync"),
            pollingInterval: pollingInterval, usesInotify: !isPolled)
        self.names = names
        current = Mutex(try FolderWatcher(settings: settings))
        start()
    }

    /// The watcher that is at work.
    var watcher: FolderWatcher { current.withLock { $0 } }

    private func start() {
        let watcher = watcher
        watcher.setFolders(names.map { place.pushing($0) })
        let thread = Thread { [self] in
            do {
                let handover = try watcher.run { changes in self.take(changes) }
                left.withLock { $0 = handover }
            } catch {
                Issue.record(error)
            }
            ended.signal()
        }
        thread.start()
    }

    /// Ends the watcher, does something, and has another go on where the first stopped.
    ///
    /// - Parameter change: What the daemon does to the state meanwhile.
    func restart(_ meanwhile: () throws -> Void = {}, change: (inout WatchState) -> Void = { _ in }) throws {
        watcher.stop()
        ended.wait()
        let handover = try #require(left.withLock { $0 })
        try meanwhile()
        var state = try #require(WatchState(parsing: handover.state.bytes))
        #expect(state == handover.state)
        change(&state)
        let queue = FileDescriptor(rawValue: fcntl(handover.queue.rawValue, F_DUPFD, 0))
        let earlier = try #require(WatchHandover(adopting: queue, state: state))
        let next = try FolderWatcher(settings: settings, continuing: earlier)
        current.withLock { $0 = next }
        start()
    }

    /// The first folder.
    var root: FilePath { place.appending("root") }

    /// What is known now.
    var known: Shelf { shelf.withLock { $0 } }

    /// Waits until what is known fulfils a condition, a minute at most (sanitizers are slow).
    func wait(
        _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation, until isFulfilled: (Shelf) -> Bool
    ) {
        let deadline = DispatchTime.now() + .seconds(60)
        while !shelf.withLock({ isFulfilled($0) }) {
            guard news.wait(timeout: deadline) == .success else {
                let known = known
                Issue.record(
                    "\(comment ?? "not seen in time"): settled \(known.settledCount), pending \(known.pendingCount)",
                    sourceLocation: location)
                return
            }
        }
    }

    /// Waits until exactly these files, named below the place, are known and settled.
    func wait(for files: Set<FilePath>, at location: SourceLocation = #_sourceLocation) {
        let expected = Set(files.map { place.pushing($0) })
        wait("expected \(files.count) files", at: location) {
            $0.settledCount == files.count && $0.pendingCount == 0 && $0.settled == expected
        }
        if known.settled != expected { Issue.record("known: \(known.settled)", sourceLocation: location) }
    }

    /// Syncs, and gives what was held back then.
    @discardableResult
    func sync(_ token: UInt64 = .random(in: .min ... .max), at location: SourceLocation = #_sourceLocation)
        -> [FilePath]
    {
        watcher.sync(token: token)
        wait("no answer to sync", at: location) { $0.drained[token] != nil }
        return known.drained[token] ?? []
    }

    /// Waits until the folders have been listed for the first time and nothing is under way.
    func waitForStart(at location: SourceLocation = #_sourceLocation) { sync(at: location) }

    /// Ends the watcher and takes the place away.
    func close() {
        watcher.stop()
        ended.wait()
        Disk.remove(place)
    }

    private func take(_ changes: [FolderChange]) {
        reading.withLock { _ in }
        shelf.withLock { shelf in
            for change in changes { shelf.take(change) }
        }
        news.signal()
    }
}
