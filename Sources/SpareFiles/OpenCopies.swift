/// Copies about which nothing has been decided yet, by how loud they are.
///
/// A copy is named by its place in the group.
struct OpenCopies {
    /// Of each place in the order of levels, the copy.
    private let order: [Int]
    private let levels: [Double]
    /// Of each copy, its place in the order.
    private let places: [Int]
    /// Of each place, the open ones beside it; the ends are one place more on either side.
    private var (before, after): ([Int], [Int])
    private var isOpen: [Bool]

    /// - Parameter levels: Of each copy, in decibels.
    init(levels: [Double]) {
        let order = levels.indices.sorted { levels[$0] < levels[$1] }
        var places = [Int](repeating: 0, count: order.count)
        for (place, copy) in order.enumerated() { places[copy] = place + 1 }
        (self.order, self.levels, self.places) = (order, levels, places)
        before = (0..<order.count + 2).map { $0 - 1 }
        after = (0..<order.count + 2).map { $0 + 1 }
        isOpen = Array(repeating: true, count: order.count)
    }

    /// In the group's order.
    var all: [Int] { isOpen.indices.filter { isOpen[$0] } }

    func contains(_ copy: Int) -> Bool { isOpen[copy] }

    mutating func remove(_ copy: Int) {
        guard isOpen[copy] else { return }
        isOpen[copy] = false
        let place = places[copy]
        after[before[place]] = after[place]
        before[after[place]] = before[place]
    }

    /// The open ones that are as loud as one of them, without it; in no order.
    ///
    /// - Complexity: O(*n*) in those.
    func asLoud(as copy: Int) -> [Int] {
        var found: [Int] = []
        for next in [before, after] {
            var place = next[places[copy]]
            while (1...order.count).contains(place), LevelSet.areSame(levels[order[place - 1]], levels[copy]) {
                found.append(order[place - 1])
                place = next[place]
            }
        }
        return found
    }
}
