import SoundDuplicates
import TimbreIndex
import TimbreStore

/// Finds the contents of a library that hold the same sound.
///
/// Contents are taken oldest first. Each that is in no group yet is compared with its nearest neighbours by timbre:
/// those with the same sound form its group, and belong to no other.
struct NearDuplicates {
    /// A content that holds the same sound as the first of its group.
    struct Member {
        var content: Int64
        var match: DuplicateMatch
    }

    /// How many neighbours with another sound end the search. In a library of 1,281 sounds, fewer than six others were
    /// nearer to a variant than its original, except for two of 300 with silence before them.
    private static let patience = 6
    /// How many files are asked for at first; many may have the same content.
    private static let asked = 16

    private let index: TimbreIndex
    private let filter: IndexFilter
    private let bands: (Int64) throws -> [UInt8]
    private let contents: [Int64: Int64]
    private let files: [Int64: [Int64]]
    private var grouped: Set<Int64> = []
    /// Contents in the order of comparison: by their oldest files.
    let order: [Int64]

    /// - Parameters:
    ///   - holdings: The files that count, oldest first.
    ///   - filter: Admits the same files.
    ///   - bands: Reads a content's features in the form of ``FeatureFrames/bands``; empty if they are gone.
    init(_ holdings: [Holding], in index: TimbreIndex, filter: IndexFilter, bands: @escaping (Int64) throws -> [UInt8])
    {
        self.index = index
        self.filter = filter
        self.bands = bands
        var (contents, files): ([Int64: Int64], [Int64: [Int64]]) = ([:], [:])
        var order: [Int64] = []
        for holding in holdings {
            contents[holding.file] = holding.content
            if files[holding.content] == nil { order.append(holding.content) }
            files[holding.content, default: []].append(holding.file)
        }
        (self.contents, self.files, self.order) = (contents, files, order)
    }

    /// Whether a content was found to belong to a group.
    func isGrouped(_ content: Int64) -> Bool { grouped.contains(content) }

    /// Finds the other contents of the group of this one; none if there are none, or it is in a group already.
    ///
    /// - Complexity: One search of the index, more if the group is large, and a fixed number of comparisons besides
    ///   those with its members.
    mutating func members(ofGroupWith first: Int64) throws -> [Member] {
        guard !isGrouped(first) else { return [] }
        var sound: ComparedSound?
        var members: [Member] = []
        var others = 0
        try forEachNear(first) { candidate in
            if isGrouped(candidate) { return true }
            if sound == nil { sound = ComparedSound(bands: try bands(first)) }
            guard let sound else { return false }
            if let other = ComparedSound(bands: try bands(candidate)), let match = DuplicateMatch(sound, other) {
                members.append(Member(content: candidate, match: match))
            } else {
                others += 1
            }
            return others < Self.patience
        }
        if !members.isEmpty { grouped.formUnion(members.map(\.content) + [first]) }
        return members
    }

    /// Passes the other contents that have a timbre vector to `body`, nearest first, until it returns false.
    private func forEachNear(_ content: Int64, _ body: (Int64) throws -> Bool) rethrows {
        let own = files[content] ?? []
        guard let vector = own.lazy.compactMap({ index.vector(of: $0) }).first else { return }
        var seen: Set<Int64> = []
        var count = Self.asked
        while true {
            let found = index.rankedFiles(
                toVectors: [(vector, 1)], count: count, filter: filter, excluding: Set(own))
            for case let content? in found.map({ contents[$0] }) where seen.insert(content).inserted {
                guard try body(content) else { return }
            }
            if found.count < count { return }
            count *= 4
        }
    }
}
