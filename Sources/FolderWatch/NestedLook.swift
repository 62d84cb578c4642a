import Platform
import Synchronization
import SystemPackage

/// A look at something that is mounted in a folder and can stop answering, by which the folder's lane finds out whether it
/// may enter.
final class NestedLook: Sendable {
    /// The mount that is looked at.
    let mount: Int?
    let began = ContinuousClock.now
    private let answer: Probe<Bool>
    private let late: Late

    /// Whether nobody waits for the answer any more.
    private final class Late: Sendable {
        let isSo = Atomic(false)
    }

    /// Begins to look.
    ///
    /// - Parameter answersLate: Called when the answer comes after it was given up.
    init(
        at directory: FilePath, mount: Int?, answersLate: @escaping @Sendable () -> Void
    ) throws(Errno) {
        self.mount = mount
        let late = Late()
        self.late = late
        answer = try Probe(
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
    var isAnswered: Bool { answer.found != nil }

    /// Waits for the answer.
    ///
    /// - Returns: Whether it has come within the time.
    func isAnswered(within time: Duration) -> Bool {
        if answer.wait(until: began + time) != nil { return true }
        late.isSo.store(true, ordering: .sequentiallyConsistent)
        return isAnswered
    }
}

extension WatchLoop {
    /// Since when something that is mounted on a directory does not answer, in words; nil if it does, or nothing is.
    ///
    /// Only the way into what is mounted in a folder is asked about: the folder itself has a lane that may wait for it.
    func silence(of directory: FilePath, _ index: Int) -> String? {
        guard mounts.table.isServedPoint(directory), directory != folders[index].path else { return nil }
        let mount = mounts.table.number(of: directory)
        if let earlier = asked[directory], earlier.mount == mount, !earlier.isAnswered {
            return SilenceReason.since(earlier.began)
        }
        asked[directory] = nil
        looks(at: directory)
        do throws(Errno) {
            let look = try NestedLook(at: directory, mount: mount) { [inbox = lane.inbox] in
                inbox.send(.rescan(directory))
            }
            if look.isAnswered(within: settings.firstPatience) { return nil }
            asked[directory] = look
            return SilenceReason.since(look.began)
        } catch {
            return "\(error)"
        }
    }
}
