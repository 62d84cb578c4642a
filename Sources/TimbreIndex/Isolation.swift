import TimbreCodes

/// Finds the vectors of a table that lie farthest from all others.
///
/// To be told apart from them, most vectors need not be compared with all: as soon as one is seen that is as near as that of
/// the least isolated of those kept, a vector is out. Vectors are compared outward from their own place, for those of one
/// folder lie beside each other, and are often alike. What remains is exact. Source of the rule: S. Bay and M. Schwabacher,
/// "Mining distance-based outliers in near linear time with randomization and a simple pruning rule", *Proc. KDD* (2003).
struct IsolationSearch {
    private let columns: VectorColumns
    private var room = VectorQuery.Room()

    /// Vectors that are compared at a time.
    private static let block = 256

    init(_ table: VectorTable) { columns = table.columns }

    /// The nearest other vector, the first of equally near ones; nil if it is no farther than a limit, or there is none.
    ///
    /// - Parameter limit: A squared distance.
    mutating func neighbour(of place: Int, fartherThan limit: Int) -> VectorTable.Neighbour? {
        guard let vector = columns[place] else { return nil }
        let query = VectorQuery([(vector, 1)], rule: .least)
        let blocks = (columns.count + Self.block - 1) / Self.block
        var best: VectorTable.Neighbour?
        for step in 0..<blocks {
            let start = (place / Self.block + step) % blocks * Self.block
            let block = start..<min(start + Self.block, columns.count)
            // One that is as far may come first in the table.
            let end = best.map { UInt64($0.squaredDistance) + 1 } ?? query.limit(maxDistance: nil)
            let count = query.find(nearerThan: end, in: block, of: columns, into: &room)
            for found in 0..<count {
                let other = VectorTable.Neighbour(
                    place: start + Int(room.places[found]), squaredDistance: Int(room.distances[found]))
                guard other.place != place else { continue }
                if other.squaredDistance <= limit { return nil }
                if best.map({ other.isNearer(than: $0) }) ?? true { best = other }
            }
        }
        return best
    }
}

extension VectorTable.Neighbour {
    fileprivate func isNearer(than other: VectorTable.Neighbour) -> Bool {
        (squaredDistance, place) < (other.squaredDistance, other.place)
    }
}

extension VectorTable {
    /// A vector, and the nearest of the others.
    package struct Isolated: Hashable, Sendable {
        package var place: Int
        package var nearest: Neighbour
    }

    /// The vectors that are farthest from their nearest neighbours, farthest first; of equally far ones the first in the
    /// table.
    ///
    /// - Parameters:
    ///   - count: How many at most, 1 or more.
    ///   - goOn: Is told how many were looked at, after every few; throws to end the search.
    /// - Complexity: O(*n*²) in the number of vectors at worst; nearly O(*n*) where most have near neighbours.
    package func mostIsolated(_ count: Int, goOn: (Int) throws -> Void) rethrows -> [Isolated] {
        var search = IsolationSearch(self)
        var kept = Smallest<IsolationKey>(count)
        for place in 0..<self.count {
            if place % 64 == 0 { try goOn(place) }
            // What comes later in the table has to be farther.
            if let nearest = search.neighbour(of: place, fartherThan: kept.bound?.squaredDistance ?? -1) {
                kept.insert(
                    IsolationKey(
                        squaredDistance: nearest.squaredDistance, place: place, nearest: nearest.place))
            }
        }
        return kept.sorted.map {
            Isolated(
                place: $0.place, nearest: Neighbour(place: $0.nearest, squaredDistance: $0.squaredDistance))
        }
    }
}

/// What isolated vectors are ordered by: the most isolated is the smallest.
private struct IsolationKey: Comparable {
    var squaredDistance: Int
    var place: Int
    var nearest: Int

    static func < (a: IsolationKey, b: IsolationKey) -> Bool {
        (b.squaredDistance, a.place) < (a.squaredDistance, b.place)
    }
}
