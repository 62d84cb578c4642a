import Glibc
import Platform
import SystemPackage

extension WatchLoop {
    /// Begins to prove that all that has happened up to now is delivered.
    ///
    /// The kernel queues events in order. So a file is made in a directory of our own that the same queue watches: when
    /// its event is read, all before it have been. What these asked to be scanned is waited for, too.
    func sync(_ token: UInt64) {
        for index in folders.indices {
            check(index)
            if !folders[index].isOnline {
                open(index)
            } else if folders[index].isPolled || !folders[index].fingerprints.isLarge {
                // Of some changes the kernel tells nothing: a hard link written through another name, truncate(2), a
                // mapped file. Where that takes no time worth mentioning, all is looked at.
                scans.add(folders[index].path, in: folders[index].path, isFull: false, at: .now)
            }
        }
        lookAtIndirectNames()
        syncs.waiting.append(.init(token: token, stage: .emptyQueue))
        setCookie(syncs.waiting.count - 1)
    }

    /// Sets new cookies in place of those that may have been lost.
    func repeatCookies() {
        for sync in syncs.waiting.indices {
            if case .cookie = syncs.waiting[sync].stage { setCookie(sync) }
        }
    }

    func dropCookieWatch() {
        guard let watch = syncs.cookieWatch else { return }
        syncs.cookieWatch = nil
        release([watch])
        repeatCookies()
    }

    func heedCookie(_ event: InotifyEvent) {
        if event.kind.contains(.ignored) {
            syncs.cookieWatch = nil
            repeatCookies()
        }
        guard event.kind.contains(.created), let name = event.name else { return }
        for sync in syncs.waiting.indices where syncs.waiting[sync].stage == .cookie(name) { drained(sync) }
    }

    /// The queue has been read to its end: as good as a cookie for those that could not set one.
    func queueIsEmpty() {
        for sync in syncs.waiting.indices where syncs.waiting[sync].stage == .emptyQueue { drained(sync) }
    }

    /// Tells of the syncs whose scans are done, in order.
    func finishSyncs() {
        while let sync = syncs.waiting.first, case .scans(let last) = sync.stage, scans.isDone(upTo: last) {
            syncs.waiting.removeFirst()
            countLeftOut(in: leftOut.takeAll())
            tell(.drained(token: sync.token, unsettled: settler.unsettled))
        }
    }

    /// Makes the file whose event will show that the queue is drained. Where that fails, as on a full disk, the queue is
    /// read until it is empty instead.
    private func setCookie(_ sync: Int) {
        syncs.waiting[sync].stage = .emptyQueue
        guard let inotify else { return }
        do throws(Errno) {
            if syncs.cookieWatch == nil {
                let made = unsafe settings.cookieDirectory.withPlatformString { unsafe mkdir($0, 0o700) }
                guard made == 0 || errno == EEXIST else { throw Errno.last }
                syncs.cookieWatch = try inotify.watch(settings.cookieDirectory, .content)
            }
            let name = syncs.nextName(process: getpid())
            let cookie = settings.cookieDirectory.appending(bytes: name)
            _ = try OwnedDescriptor.open(cookie, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            _ = unsafe cookie.withPlatformString { unsafe unlink($0) }
            syncs.waiting[sync].stage = .cookie(name)
        } catch {
            return
        }
    }

    /// All events up to now have been heeded; what they asked for has yet to be done.
    private func drained(_ sync: Int) {
        for half in pairer.takeAll() { leave(half) }
        if backoff.deadline != nil { rescanAll() }
        syncs.waiting[sync].stage = .scans(scans.newest)
    }
}
