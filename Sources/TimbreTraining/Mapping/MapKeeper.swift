import Glibc
import Logging
import Platform
import Synchronization
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreMap
import TimbreStore

/// The door of the map: it is learnt, and kept in step with the library, on a thread of its own.
///
/// That thread gives way to all others. What it wants written goes through ingest, in short turns; what it publishes is a
/// value, which readers copy.
package final class MapKeeper: Sendable {
    private let catalog: Catalog
    private let library: LiveLibrary
    private let storage: MapStorage
    private let logger: Logger
    /// What else this thread does when it may rest.
    private let rest: @Sendable () throws -> Void
    private let live: Mutex<MapSnapshot>
    /// Raised when the library has changed, or somebody wants something.
    private let signal: EventSignal
    private let isStopping = StopFlag()
    private let mustLearn = Mutex(false)

    /// - Parameter rest: What else is done on this thread when nothing of the map is left to do.
    /// - Throws: `Errno` if the kernel gives no more descriptors.
    package init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, logger: Logger,
        rest: @escaping @Sendable () throws -> Void = {}
    ) throws {
        self.catalog = catalog
        self.library = library
        self.logger = logger
        self.rest = rest
        storage = MapStorage(ingest: ingest)
        live = Mutex(MapSnapshot(run: .random(in: 1 ... .max)))
        let signal = try EventSignal()
        self.signal = signal
        library.whenChanged { signal.raise() }
    }

    /// The map as it is now.
    package var snapshot: MapSnapshot { live.withLock { $0 } }

    /// Has the map learnt anew, whether or not the library has changed much.
    package func learnAgain() {
        mustLearn.withLock { $0 = true }
        signal.raise()
    }

    package func stop() {
        isStopping.raise()
        signal.raise()
    }

    /// Keeps the map on the calling thread, until ``stop()``.
    package func run() {
        // The scheduler's word for it: whatever else wants to run, runs first. On Linux this is about one thread.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        let loop = MapLoop(
            catalog: catalog, library: library, storage: storage, publish: publish,
            breathe: { [self] in
                if isStopping.isRaised { throw MapLoop.Stopping() }
                return takeSignal()
            })
        while !isStopping.isRaised {
            var (mayRest, longest) = (true, Duration?.none)
            do {
                mayRest = try loop.goRound(mustLearn: mustLearn.withLock { take(&$0) })
                if mayRest, loop.hasRoomToFree { longest = Self.longRest }
            } catch is MapLoop.Stopping {
                return
            } catch let busy as IngestBusy where busy == .stopping {
                return
            } catch {
                // The disk may be full: whatever is not on disk is not shown, and tried again.
                logger.info("the map waits, it cannot be kept: \(error)")
                longest = Self.patience
            }
            if mayRest, longest != Self.patience { doOtherWork() }
            // A burst of changes is taken in at a few times.
            usleep(Self.pause)
            if mayRest, !wait(atMost: longest) { loop.freeRoom() }
        }
    }

    private func doOtherWork() {
        do { try rest() } catch {
            // Somebody trains a model, the service stops, or the disk is full: it is done another time.
            logger.debug("what the library would gain by a retrain is not known yet: \(error)")
        }
    }

    /// The least time between two looks at the library, in microseconds.
    private static let pause: UInt32 = 50_000
    /// After such a time without changes memory is given back.
    private static let longRest = Duration.seconds(10)
    /// When what could not be written is tried again.
    private static let patience = Duration.seconds(60)

    /// Changes what others see. This thread alone does; readers never wait for it.
    private func publish(_ change: (inout MapSnapshot) -> Void) {
        var next = snapshot
        change(&next)
        live.withLock { [next] in $0 = next }
    }

    private func take(_ flag: inout Bool) -> Bool {
        defer { flag = false }
        return flag
    }

    /// Whether anything has changed since the last call.
    private func takeSignal() -> Bool { wait(atMost: .zero) }

    /// Waits for a change, or a stop.
    ///
    /// - Returns: Whether there was one.
    private func wait(atMost longest: Duration?) -> Bool {
        var entry = pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        let milliseconds = longest.map { Int32(clamping: Int64($0 / .milliseconds(1))) } ?? -1
        guard unsafe poll(&entry, 1, milliseconds) > 0 else { return false }
        signal.lower()
        return true
    }
}
