import Platform
import Synchronization
import SystemPackage

/// What is mounted in a lane's folders and can stop answering: whether a scan may enter.
///
/// Only the way into what is mounted in a folder is asked about: the folder itself has a lane that may wait for it.
final class NestedMounts {
    private let context: LaneContext
    /// The directories on which something is mounted that was asked and has not answered.
    private var looks: [FilePath: NestedLook] = [:]
    private let limit = ProbeLimit(64)

    init(_ context: LaneContext) { self.context = context }

    /// Why a scan cannot enter a directory on which something is mounted, in words: it does not answer; nil if it may.
    func obstacle(at directory: FilePath, in folder: WatchedFolder) -> String? {
        let table = context.mounts.table
        guard table.isServedPoint(directory), directory != folder.path else { return nil }
        let mount = table.number(of: directory)
        if let earlier = looks[directory], earlier.mount == mount, !earlier.isAnswered {
            return SilenceReason.since(earlier.began)
        }
        looks[directory] = nil
        context.disk.pulse.willLook(at: directory)
        do throws(Errno) {
            let look = try NestedLook(at: directory, mount: mount, limit) { [inbox = context.lane.inbox] in
                inbox.send(.rescan(directory))
            }
            if look.isAnswered(within: context.settings.firstPatience) { return nil }
            looks[directory] = look
            return SilenceReason.since(look.began)
        } catch {
            return "\(error)"
        }
    }
}

/// A look at something that is mounted in a folder and may not answer.
private final class NestedLook: Sendable {
    /// The mount that is looked at.
    let mount: Int?
    let began = ContinuousClock.now
    private let probe: Probe<Bool>
    private let late: Late

    /// Whether nobody waits for the answer any more.
    private final class Late: Sendable {
        let isSo = Atomic(false)
    }

    /// Begins to look.
    ///
    /// - Parameter answersLate: Called when the answer comes after it was given up.
    init(
        at directory: FilePath, mount: Int?, _ limit: ProbeLimit, answersLate: @escaping @Sendable () -> Void
    ) throws(Errno) {
        self.mount = mount
        let late = Late()
        self.late = late
        probe = try Probe(
            limit: limit,
            {
                do throws(Errno) {
                    _ = try OpenDirectory.isEmpty(directory)
                    return true
                } catch {
                    // An answer as well; the scan finds the same.
                    return true
                }
            }, then: { if late.isSo.load(ordering: .sequentiallyConsistent) { answersLate() } })
    }

    /// Whether the answer has come.
    var isAnswered: Bool { probe.found != nil }

    /// Waits for the answer.
    ///
    /// - Returns: Whether it has come within the time.
    func isAnswered(within time: Duration) -> Bool {
        if probe.wait(until: began + time) != nil { return true }
        late.isSo.store(true, ordering: .sequentiallyConsistent)
        return isAnswered
    }
}
