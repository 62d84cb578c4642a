import FolderWatch
import Platform
import SystemPackage
import TimbreConfiguration
import TimbreLibrary

extension ServedMounts {
    /// How long a call waits for a folder to answer.
    static let patience = Duration.seconds(2)

    /// Looks at something, and waits no longer than ``patience`` if it lies on a file system that can stop answering.
    ///
    /// - Returns: What was found; nil if there was no answer.
    func look<Found: Sendable>(
        at path: FilePath, following: Bool = true, _ look: @escaping @Sendable () -> Found
    ) -> Found? {
        guard point(of: path, following: following) != nil else { return look() }
        return Probe.answer(within: Self.patience, limit: limit(for: path, following: following), look)
    }
}

extension [FilePath] {
    /// The paths without symbolic links, as the kernel resolves them, all within ``ServedMounts/patience``; and whether
    /// all were told in time.
    ///
    /// Where nothing is yet, links are followed as far as they lead: an unplugged drive is where its link says. Where a
    /// file system does not answer, links that lie on it are left in the path: nobody can say where they lead.
    func resolvedInTime(_ served: ServedMounts) -> ResolvedFolders {
        let deadline = ContinuousClock.now + ServedMounts.patience
        // All are asked before any is waited for.
        let answers: [Probe<FilePath?>?] = map { path in
            guard served.point(of: path, following: true) != nil else { return nil }
            do throws(Errno) {
                return try Probe(limit: served.limit(for: path, following: true)) { path.realPath }
            } catch {
                return nil
            }
        }
        let found = zip(self, answers).map { path, answer in
            let isServed = served.point(of: path, following: true) != nil
            return isServed ? answer?.wait(until: deadline) : .some(path.realPath)
        }
        let paths = zip(self, found).map { path, found in (found ?? nil) ?? served.resolve(path) }
        return ResolvedFolders(paths: paths, haveAnswered: found.map { $0 != nil })
    }
}

/// Where folders lie, and whether that is known of each: nobody asks for ever.
struct ResolvedFolders {
    var paths: [FilePath]
    /// Of a folder that has not answered, the path may lead elsewhere than it seems: what is known of others is not to be
    /// forgotten for it.
    var haveAnswered: [Bool]

    var haveAllAnswered: Bool { !haveAnswered.contains(false) }
}

extension FilePath {
    /// The path without symbolic links, as far as that can be told in time.
    func resolvedInTime(_ served: ServedMounts) -> FilePath { [self].resolvedInTime(served).paths[0] }
}
