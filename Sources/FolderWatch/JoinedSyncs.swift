import SystemPackage

/// Syncs that several lanes have to answer before they are answered to the outside.
package struct JoinedSyncs {
    private struct Sync {
        let token: UInt64
        /// How many answers each lane owes.
        var lanes: [Int: Int]
        var unsettled: [FilePath] = []
    }

    /// In the order in which they were asked for.
    private var waiting: [Sync] = []

    package init() {}

    /// Notes a sync that some lanes are asked for.
    package mutating func ask(_ token: UInt64, of lanes: some Sequence<Int>) {
        waiting.append(Sync(token: token, lanes: Dictionary(lanes.map { ($0, 1) }) { first, _ in first }))
    }

    /// The syncs that wait for anything, in order.
    package var tokens: [UInt64] { waiting.map(\.token) }

    /// Has every sync that waits wait for another lane as well, which has to be asked for all ``tokens``. A lane that
    /// was asked before has to answer once more: what it knew then may not be all that counts now.
    package mutating func join(_ lane: Int) {
        for index in waiting.indices { waiting[index].lanes[lane, default: 0] += 1 }
    }

    /// Notes a lane's answer.
    ///
    /// - Returns: The answers that can be given now.
    package mutating func answered(_ token: UInt64, by lane: Int, unsettled: [FilePath]) -> [FolderChange] {
        guard let index = waiting.firstIndex(where: { $0.token == token && $0.lanes[lane] != nil }) else { return [] }
        if let owed = waiting[index].lanes[lane], owed > 1 {
            waiting[index].lanes[lane] = owed - 1
            return []
        }
        waiting[index].lanes[lane] = nil
        waiting[index].unsettled += unsettled
        return takeAnswered()
    }

    /// Waits no more for a lane, which will not answer.
    ///
    /// - Returns: The answers that can be given now.
    package mutating func leave(_ lane: Int) -> [FolderChange] {
        for index in waiting.indices { waiting[index].lanes[lane] = nil }
        return takeAnswered()
    }

    private mutating func takeAnswered() -> [FolderChange] {
        let answered = waiting.filter(\.lanes.isEmpty)
        waiting.removeAll(where: \.lanes.isEmpty)
        return answered.map { .drained(token: $0.token, unsettled: $0.unsettled) }
    }
}
