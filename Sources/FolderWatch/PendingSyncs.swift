/// The syncs that were asked for and are not answered.
struct PendingSyncs {
    /// What a sync waits for.
    enum Stage: Equatable {
        /// The event of a file with this name.
        case cookie([UInt8])
        /// The end of the queue.
        case emptyQueue
        /// The end of all scans up to the one with this number.
        case scans(UInt64)
    }

    struct Sync {
        let token: UInt64
        var stage: Stage
    }

    /// The watch on the directory of the cookies.
    var cookieWatch: Int32?
    /// In the order in which they were asked for.
    var waiting: [Sync] = []
    private var made: UInt64 = 0

    /// A name for a cookie, different from all others of this process.
    mutating func nextName(process: Int32) -> [UInt8] {
        made += 1
        return Array("sync-\(process)-\(made)".utf8)
    }
}
