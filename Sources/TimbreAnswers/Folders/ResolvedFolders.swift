import FolderWatch
import Platform
import SystemPackage

extension ServedMounts {
    /// How long a call waits for a folder to answer.
    static let patience = Duration.seconds(2)

    /// Looks at something; waits no longer than ``patience`` if it is on a file system that can stop answering.
    ///
    /// - Returns: What was found; nil if there was no answer.
    func look<Found: Sendable>(
        at path: FilePath, following: Bool = true, _ look: @escaping @Sendable () -> Found
    ) -> Found? {
        point(of: path, following: following) == nil ? look() : Probe.answer(within: Self.patience, look)
    }
}

extension [FilePath] {
    /// Resolves symbolic links in the paths, all of them within ``ServedMounts/patience``.
    ///
    /// Where a path does not exist yet, links are followed as far as they lead: an unplugged drive is where its link
    /// says. Links on a file system that does not answer stay in the path.
    package func resolvedInTime(_ served: ServedMounts) -> ResolvedFolders {
        let deadline = ContinuousClock.now + ServedMounts.patience
        // Ask for all of them before waiting for any.
        let answers: [Probe<FilePath?>?] = map { path in
            guard served.point(of: path, following: true) != nil else { return nil }
            do throws(Errno) {
                return try Probe { path.realPath }
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

/// Where folders lie, and whether each file system answered in time.
package struct ResolvedFolders {
    package var paths: [FilePath]
    /// The path of a folder that has not answered may lead elsewhere: nothing may be forgotten because of it.
    package var haveAnswered: [Bool]

    package var haveAllAnswered: Bool { !haveAnswered.contains(false) }
}

extension FilePath {
    /// Resolves symbolic links in the path, as far as file systems answer in time.
    func resolvedInTime(_ served: ServedMounts) -> FilePath { [self].resolvedInTime(served).paths[0] }
}
