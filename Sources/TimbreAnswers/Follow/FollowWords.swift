import ContentHash
import LibraryFeed
import Platform
import TimbreStore
import TimbreWire

extension Follow.Reply {
    /// Something that happened, as clients are told.
    init(_ happening: Happening, number: Int64, time: Double) {
        self.init(.ready, number: Int(number), time: time)
        switch happening {
        case .file(let file): tell(file)
        case .directoryRenamed(let from, let to):
            (event, path, before) = (.directoryRenamed, WirePath(to.bytes), WirePath(from.bytes))
        case .folderOnline(let folder, let words):
            (event, path, reason) = (.folderOnline, WirePath(folder.bytes), words)
        case .folderOffline(let folder, let why):
            (event, path, reason) = (.folderOffline, WirePath(folder.bytes), why)
        case .folderRemoved(let folder): (event, path) = (.folderRemoved, WirePath(folder.bytes))
        case .model(let hash): (event, model) = (.model, hash.description)
        case .caughtUp: event = .caughtUp
        case .paused: event = .paused
        case .resumed: event = .resumed
        case .stuck(let why): (event, reason) = (.stuck, why)
        case .unstuck: event = .unstuck
        }
    }

    private mutating func tell(_ happening: FileHappening) {
        event = FollowEvent(happening.kind)
        before = happening.earlierPath.map { WirePath($0.bytes) }
        earlierID = happening.earlierID.map { Int($0) }
        let path = WirePath(happening.path.bytes)
        file =
            happening.isComplete
            ? FileItem(
                happening.file, at: path, hash: happening.hash, sound: happening.sound, figures: happening.figures,
                codes: happening.codes)
            : FileItem(path: path, id: Int(happening.file.id), state: happening.file.wireState)
    }
}

extension FollowEvent {
    fileprivate init(_ kind: FileHappening.Kind) {
        self =
            switch kind {
            case .found: .found
            case .retried: .retried
            case .indexed: .indexed
            case .changed: .changed
            case .renamed: .renamed
            case .removed: .removed
            case .failed: .failed
            case .skipped: .skipped
            case .offline: .offline
            case .back: .back
            }
    }
}
