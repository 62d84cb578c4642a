/// Where a sound lies on the map: from -32 767 to 32 767 either way.
package struct MapPoint: Hashable, Sendable {
    package var x: Int16
    package var y: Int16

    package init(x: Int16, y: Int16) {
        self.x = x
        self.y = y
    }

    /// The point nearest to a position, on the map's edge where that lies outside.
    init(nearestTo x: Double, _ y: Double) {
        self.init(x: Self.coordinate(x), y: Self.coordinate(y))
    }

    private static func coordinate(_ value: Double) -> Int16 { Int16(max(-32_767, min(32_767, value.rounded()))) }
}

/// The points of the map that are taken: no two sounds lie on the same.
struct TakenPoints {
    private var taken: Set<MapPoint>

    init(_ taken: some Sequence<MapPoint> = []) { self.taken = Set(taken) }

    /// Takes a point or, if it is taken, the first free one on a square spiral around it.
    mutating func take(_ point: MapPoint) -> MapPoint {
        var (x, y, stepX, stepY, length) = (Int(point.x), Int(point.y), 1, 0, 1)
        // Each side twice, then one longer.
        while true {
            for _ in 0..<2 {
                for _ in 0..<length {
                    if let free = free(x, y) { return free }
                    (x, y) = (x + stepX, y + stepY)
                }
                (stepX, stepY) = (-stepY, stepX)
            }
            length += 1
        }
    }

    private mutating func free(_ x: Int, _ y: Int) -> MapPoint? {
        guard abs(x) <= 32_767, abs(y) <= 32_767 else { return nil }
        let point = MapPoint(x: Int16(x), y: Int16(y))
        return taken.insert(point).inserted ? point : nil
    }
}
