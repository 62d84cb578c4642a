/// Decides where events begin, by how much the bands rise above the background from frame to frame.
enum Onsets {
    /// The frames with which events begin, in order.
    ///
    /// - Parameter flux: Of each frame the sum of its bands' greatest rises, in quarters of a decibel.
    static func find(in flux: [Int32]) -> [Int] {
        if flux.isEmpty { return [] }
        let rises = zip(flux, runningMedian(of: flux)).map { $0 - $1 }
        return filled(peaks(of: rises), count: flux.count)
    }

    /// Where a value is the greatest around it and reaches what an onset has to.
    private static func peaks(of rises: [Int32]) -> [Int] {
        rises.indices.filter { frame in
            guard rises[frame] > EventDefinition.leastFlux else { return false }
            let around =
                max(0, frame - EventDefinition.peakReach)...min(rises.count - 1, frame + EventDefinition.peakReach)
            return rises[around].allSatisfy { $0 <= rises[frame] }
        }
    }

    /// The onsets, and more where the next one is far: everything is part of an event.
    private static func filled(_ onsets: [Int], count: Int) -> [Int] {
        let gap = EventDefinition.longestGap
        var filled: [Int] = []
        var last = -gap
        for onset in onsets + [count + gap] {
            filled += stride(from: last + gap, to: onset - gap / 2, by: gap).filter { $0 < count - 2 || $0 == 0 }
            if onset < count { filled.append(onset) }
            last = onset
        }
        return filled
    }

    /// The median of the values around each; beyond both ends the first and the last value go on.
    ///
    /// O(*n* *w*) at the worst, for a window of *w* values that are kept in order.
    private static func runningMedian(of values: [Int32]) -> [Int32] {
        guard let first = values.first, let last = values.last else { return [] }
        let reach = EventDefinition.medianReach
        let value = { (place: Int) in place < 0 ? first : place < values.count ? values[place] : last }
        var window = (-reach - 1..<reach).map(value).sorted()
        return values.indices.map { place in
            window.remove(at: window.lowerBound(of: value(place - reach - 1)))
            let next = value(place + reach)
            window.insert(next, at: window.lowerBound(of: next))
            return window[reach]
        }
    }
}

extension [Int32] {
    /// The first place of a sorted array that holds no less than `value`.
    fileprivate func lowerBound(of value: Int32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
