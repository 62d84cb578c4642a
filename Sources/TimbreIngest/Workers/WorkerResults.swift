import Platform
import SystemPackage
import TimbreStore

/// What has come of the files that were to be handed out, until the loop takes it.
struct WorkerResults {
    /// The files of which nothing but the tags is read.
    var tags = TagReadings()
    private var findings: [Finding] = []

    /// Takes out what was found.
    mutating func take() -> [Finding] {
        defer { findings = [] }
        return findings
    }

    /// Notes that no worker has had a file, and why.
    mutating func note(_ item: WorkItem, _ result: Finding.Result, _ identity: FileIdentity) {
        if item.isForTags { return tags.giveUp(item.file) }
        findings.append(Finding(file: item.file, result: result, identity: identity, hasChanged: false))
    }

    /// Notes that a file could not be opened.
    ///
    /// - Parameter identity: What lies at its path, if that could be seen.
    mutating func note(_ item: WorkItem, unopened error: Errno, _ identity: FileIdentity?) {
        let result: Finding.Result =
            switch error {
            case .noSuchFileOrDirectory, .notDirectory: .unopened(nil)
            case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .interrupted: .postponed
            default: .unopened("cannot be opened: \(error)")
            }
        note(item, result, identity ?? .unknown)
    }

    /// Takes in what a worker says about a part of a file, before it is done with it. Whether the file has changed meanwhile
    /// is looked at in the end.
    mutating func add(part outcome: WorkerOutcome, of file: OpenedFile) {
        if case .memberTags(let hash, let found) = outcome.result { return tags.found(found, of: hash) }
        findings.append(
            Finding(
                file: outcome.file, member: outcome.member, result: .answer(outcome.result), identity: file.identity,
                hasChanged: false))
    }

    /// Takes in the last that a worker says about a file.
    ///
    /// - Parameter hasChanged: Whether the file has been written to since it was opened.
    mutating func add(_ outcome: WorkerOutcome, of file: OpenedFile, hasChanged: Bool) {
        if tags.answered(outcome, hasChanged: hasChanged) { return }
        let size = outcome.result.size
        let hasChanged = hasChanged || size.map { Int64($0) != file.identity.size } ?? false
        findings.append(
            Finding(
                file: outcome.file, member: outcome.member, result: .answer(outcome.result), identity: file.identity,
                hasChanged: hasChanged, isOpenForWriting: !hasChanged && file.isOpenForWriting))
    }
}
