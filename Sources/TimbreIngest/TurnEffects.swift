import Platform
import SystemPackage
import TimbreLibrary

/// What is to follow turns that are on disk, for the loop to carry out.
struct TurnEffects {
    /// Files whose attempts are on disk: they may be handed out.
    private(set) var noted: [WorkItem] = []
    /// Changes of the index.
    private(set) var editCount = 0
    /// Files that were added to it.
    private(set) var insertCount = 0
    /// Whether files have long sounds whose events are yet to be found.
    private(set) var lacksEvents = false
    /// Whether files are there again that were away.
    private(set) var hasReturned = false
    /// Syncs that are over.
    var synced: [Promise<Void, any Error>] = []
    /// Whether the watcher has to look at everything again.
    var mustLookAgain = false
    /// Why the events of some sounds could not be kept.
    var eventFailure: Errno?

    /// Adds what follows a turn.
    ///
    /// - Parameter noted: The files whose attempts it has noted.
    mutating func follow(_ turn: Turn, noted: [WorkItem]) {
        self.noted += noted
        editCount += turn.edits.count
        if turn.lacksEvents { lacksEvents = true }
        for edit in turn.edits {
            switch edit {
            case .insert: insertCount += 1
            case .offline(_, false): hasReturned = true
            default: break
            }
        }
    }
}
