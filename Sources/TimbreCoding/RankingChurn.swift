/// How far two rankings of the same queries differ.
package struct RankingChurn: Hashable, Sendable {
    /// How many queries were compared.
    package private(set) var listCount = 0
    /// Of how many of them the list is not the same, order included.
    package private(set) var changedLists = 0
    /// Of how many of them the list has other members.
    package private(set) var listsWithOtherMembers = 0
    private var keptShares = 0.0

    package init() {}

    /// Compares the answers to the same queries, in the same order.
    package init(old: [[Int64]], new: [[Int64]]) {
        precondition(old.count == new.count)
        for (old, new) in zip(old, new) { add(old: old, new: new) }
    }

    /// Compares the answers to one more query: the identifiers of the nearest files, nearest first, each once.
    package mutating func add(old: [Int64], new: [Int64]) {
        let kept = Set(old).intersection(new).count
        let longer = max(old.count, new.count)
        listCount += 1
        if old != new { changedLists += 1 }
        if kept != longer { listsWithOtherMembers += 1 }
        keptShares += longer == 0 ? 1 : Double(kept) / Double(longer)
    }

    /// The mean share of a list that stays in it, 0 to 1; 1 if nothing was compared.
    package var keptShare: Double { listCount == 0 ? 1 : keptShares / Double(listCount) }
}
