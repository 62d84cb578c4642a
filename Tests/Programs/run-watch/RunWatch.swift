import ArgumentParser
import FolderWatch
import Glibc
import Platform
import SystemPackage

/// Watches folders and prints what the watcher says, one line a change, until it is interrupted.
///
/// It is the watcher of the daemon, alone: nothing is read, decoded or stored.
@main struct RunWatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-watch", abstract: "Print what the watcher says of folders, until Ctrl-C.")

    @Argument(help: "The folders to be watched.", transform: { FilePath($0) })
    var folders: [FilePath]

    @Flag(help: "Look through the folders again and again, as on a file system that sends no events.")
    var poll = false

    @Flag(help: "Follow symbolic links below the folders.")
    var followSymlinks = false

    @Option(help: "How long a closed file is left alone before it is told as settled, in milliseconds.")
    var settle = 250

    func validate() throws {
        // One that is waited for has to be named in full.
        for folder in folders where !folder.resolved.isAbsolute {
            throw ValidationError("There is no \(folder.humanReadable).")
        }
        guard !folders.isEmpty else { throw ValidationError("Name a folder.") }
        guard settle >= 0 else { throw ValidationError("--settle must not be negative.") }
    }

    func run() throws {
        let watcher = try FolderWatcher(
            settings: WatchSettings(
                settle: .milliseconds(settle), followSymlinks: followSymlinks,
                // Nobody asks for a sync, so that nothing is made there.
                cookieDirectory: "/tmp/run-watch", usesInotify: !poll))
        watcher.setFolders(folders.map(\.resolved))
        try stopWhenInterrupted(watcher)
        try watcher.run { changes in
            do {
                try FileDescriptor.standardOutput.writeAll(changes.map { $0.line + "\n" }.joined().utf8)
            } catch {
                // Nobody reads it any more.
                watcher.stop()
            }
        }
    }

    /// Has a thread wait for Ctrl-C, and for those that end programs politely.
    private func stopWhenInterrupted(_ watcher: FolderWatcher) throws {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, signal) }
        // Threads inherit what is blocked: none but the one that waits may be interrupted.
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        try DetachedThread.start { [signals] in
            var (awaited, signal) = (signals, Int32(0))
            unsafe sigwait(&awaited, &signal)
            watcher.stop()
        }
    }
}

extension FolderChange {
    /// The change in one line: what happened, then where.
    fileprivate var line: String {
        switch self {
        case .listed(let listing):
            "listed      \(listing.directory.humanReadable): \(listing.files.count) files, "
                + "\(listing.subdirectories.count) directories, \(listing.leftOutCount) left out"
        case .settled(let file): "settled     \(file.humanReadable)"
        case .pending(let file): "pending     \(file.humanReadable)"
        case .gone(let path, let isDirectory): "gone        \(path.humanReadable)\(isDirectory ? "/" : "")"
        case .moved(let old, let new, let isDirectory):
            "moved       \(old.humanReadable) -> \(new.humanReadable)\(isDirectory ? "/" : "")"
        case .folder(let status): "folder      \(status.line)"
        case .continued(let status): "continued   \(status.line)"
        case .scanBegan(let top): "scan began  \(top.humanReadable)"
        case .scanEnded(let top, let isComplete):
            "scan ended  \(top.humanReadable)\(isComplete ? "" : ", not complete")"
        case .overflowed: "overflowed"
        case .drained(let token, let unsettled): "drained     sync \(token), \(unsettled.count) files are held back"
        case .unreadable(let directory, let reason): "unreadable  \(directory.humanReadable): \(reason)"
        case .leftOut(let directory, let count): "left out    \(directory.humanReadable): \(count)"
        }
    }
}

extension FolderStatus {
    fileprivate var line: String {
        let how =
            switch mode {
            case .inotify: "inotify, \(watches) watches"
            case .polling(let reason): "polling, \(reason)"
            case .offline(let reason): "offline, \(reason)"
            }
        return "\(root.humanReadable): \(how)"
    }
}
