/// The smallest of many elements that come one after the other: a heap of limited size with the greatest on top.
struct Smallest<Element: Comparable> {
    private let limit: Int
    private var heap: [Element] = []

    /// - Precondition: `limit` is above 0.
    init(_ limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    /// The greatest element kept, if as many are kept as may be: what others must be below to be kept.
    var bound: Element? { heap.count == limit ? heap[0] : nil }

    /// The elements that were kept, ascending.
    var sorted: [Element] { heap.sorted() }

    /// Keeps an element if it is among the smallest so far.
    ///
    /// - Complexity: O(log *n*) in the number of elements kept.
    mutating func insert(_ element: Element) {
        if heap.count < limit {
            heap.append(element)
            rise(from: heap.count - 1)
        } else if element < heap[0] {
            heap[0] = element
            sink()
        }
    }

    private mutating func rise(from place: Int) {
        var place = place
        while place > 0, heap[(place - 1) / 2] < heap[place] {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child] < heap[child + 1] { child += 1 }
            guard heap[place] < heap[child] else { return }
            heap.swapAt(place, child)
            place = child
        }
    }
}
