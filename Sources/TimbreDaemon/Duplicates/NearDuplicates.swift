import TimbreCoding
import TimbreIndex
import TimbreStore

/// Finds the contents of a library that hold the same sound.
///
/// A content that belongs to no group yet is compared with those that are nearest to it by timbre, oldest first: what is
/// the same as the first of a group belongs to that group, and to no other.
struct NearDuplicates {
    /// A content that holds the same sound as the first of its group.
    struct Member {
        var content: Int64
        var match: DuplicateMatch
    }

    /// Contents, nearest first, that each one is compared with at most. In a library of 1,281 sounds the original of a variant was
    /// among the first six for all but some of 300 with silence before them.
    private static let candidates = 6
    /// Files that are asked for at first; many may hold one content.
    private static let asked = 16

    private let index: TimbreIndex
    private let filter: IndexFilter
    private let bands: (Int64) throws -> [UInt8]
    private let contents: [Int64: Int64]
    private let files: [Int64: [Int64]]
    private var grouped: Set<Int64> = []
    /// Contents in the order in which they are to be compared: by their oldest files.
    let order: [Int64]

    /// - Parameters:
    ///   - holdings: The files that count, oldest first.
    ///   - filter: Lets the same files through.
    ///   - bands: Reads a content's features in the form of ``FeatureFrames/bands``; nothing if they are gone.
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

    /// Finds the other contents of a group that begins with this one; none if there are none, or it belongs to another.
    ///
    /// - Complexity: One search of the index, and a fixed number of comparisons.
    mutating func members(ofGroupWith first: Int64) throws -> [Member] {
        guard !isGrouped(first) else { return [] }
        let candidates = nearest(to: first).filter { !isGrouped($0) }
        guard !candidates.isEmpty, let sound = ComparedSound(bands: try bands(first)) else { return [] }
        var members: [Member] = []
        for candidate in candidates {
            guard let other = ComparedSound(bands: try bands(candidate)),
                let match = DuplicateMatch(sound, other)
            else { continue }
            members.append(Member(content: candidate, match: match))
        }
        if !members.isEmpty { grouped.formUnion(members.map(\.content) + [first]) }
        return members
    }

    private func nearest(to content: Int64) -> [Int64] {
        let own = files[content] ?? []
        guard let vector = own.lazy.compactMap({ index.file($0)?.vector }).first else { return [] }
        var count = Self.asked
        while true {
            let found = index.nearestFiles(
                toVectors: [(vector, 1)], count: count, filter: filter, excluding: Set(own))
            var nearest: [Int64] = []
            for case let content? in found.map({ contents[$0.file] }) where !nearest.contains(content) {
                nearest.append(content)
                if nearest.count == Self.candidates { return nearest }
            }
            if found.count < count { return nearest }
            count *= 4
        }
    }
}
