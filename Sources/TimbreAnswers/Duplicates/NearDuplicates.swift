import Platform
import SoundDuplicates

/// Finds the contents of a library that hold the same sound.
///
/// Contents are taken oldest first. Each that is in no group yet is compared with its nearest neighbours by timbre:
/// those with the same sound form its group, and belong to no other.
///
/// Comparing is what takes time. It is done for many contents at once on two threads, before it is known which of them
/// will be in a group by the time that it is their turn; groups are then made in order from what was found, and what is
/// not known is compared then. So groups are those that one thread would find.
struct NearDuplicates {
    /// A content that holds the same sound as the first of its group.
    struct Member {
        var content: Int64
        var match: DuplicateMatch
    }

    /// A content, and the others of its group.
    struct Group {
        var first: Int64
        var members: [Member]
    }

    /// How many neighbours with another sound end the search. In a library of 1,281 sounds, fewer than six others were
    /// nearer to a variant than its original, except for two of 300 with silence before them.
    private static let patience = 6
    /// How many contents are compared with their neighbours before groups are made of them.
    private static let batch = 64
    private static let threads = 2

    private let contents: NearestContents
    private var grouped: Set<Int64> = []
    /// How many contents were dealt with.
    private(set) var done = 0

    init(_ contents: NearestContents) { self.contents = contents }

    /// How many contents there are.
    var count: Int { contents.order.count }

    /// Whether a content was found to belong to a group.
    func isGrouped(_ content: Int64) -> Bool { grouped.contains(content) }

    /// Deals with the next contents.
    ///
    /// - Returns: The groups that they are the first of; nil if all have been dealt with.
    /// - Complexity: One search of the index for each content, more if a group is large, and a fixed number of comparisons
    ///   besides those with its members.
    mutating func next() throws -> [Group]? {
        guard done < count else { return nil }
        let batch = contents.order[done..<min(done + Self.batch, count)]
        let (contents, known) = (contents, grouped)
        let looks = try batch.mapInBackground(threads: Self.threads) { content in
            var look = NearestContents.Look(at: content)
            if !known.contains(content) {
                // How large a group is, shows when it is made: all of a large one would compare all of it.
                _ = try contents.compare(
                    &look, patience: Self.patience, isFurther: false, isPassedOver: known.contains)
            }
            return look
        }
        var groups: [Group] = []
        for look in looks where !isGrouped(look.content) {
            let members = try members(of: look)
            if !members.isEmpty { groups.append(Group(first: look.content, members: members)) }
        }
        done += batch.count
        return groups
    }

    private mutating func members(of look: NearestContents.Look) throws -> [Member] {
        var look = look
        let found = try contents.compare(
            &look, patience: Self.patience, isFurther: true, isPassedOver: grouped.contains)
        if !found.isEmpty { grouped.formUnion(found.map(\.content) + [look.content]) }
        return found.map(Member.init)
    }
}
