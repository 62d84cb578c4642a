import Glibc

/// How a layout is turned, and whether it is mirrored first.
struct Turning {
    private let cosine: Double
    private let sine: Double
    private let isMirrored: Bool

    /// Turns the direction in which a centred layout is longest level.
    init(level layout: (x: [Double], y: [Double])) {
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(layout.x, layout.y) { (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y) }
        let angle = -atan2(2 * xy, xx - yy) / 2
        (cosine, sine, isMirrored) = (cos(angle), sin(angle), false)
    }

    /// Turns a centred layout, or its mirror image, so that sounds lie as nearly as can be in the direction in which they
    /// lay before.
    init(_ layout: (x: [Double], y: [Double]), towards earlier: [MapPoint]) {
        // The best turn of (x, y) and that of (x, -y): of complex numbers, it is the angle of the sum of products.
        var (plain, mirrored) = ((x: 0.0, y: 0.0), (x: 0.0, y: 0.0))
        for (place, point) in earlier.enumerated() {
            let (x, y, wantedX, wantedY) = (layout.x[place], layout.y[place], Double(point.x), Double(point.y))
            plain = (plain.x + x * wantedX + y * wantedY, plain.y + x * wantedY - y * wantedX)
            mirrored = (mirrored.x + x * wantedX - y * wantedY, mirrored.y + x * wantedY + y * wantedX)
        }
        let isMirrored = hypot(mirrored.x, mirrored.y) > hypot(plain.x, plain.y)
        let best = isMirrored ? mirrored : plain
        let length = hypot(best.x, best.y)
        (cosine, sine) = length > 0 ? (best.x / length, best.y / length) : (1, 0)
        self.isMirrored = isMirrored
    }

    /// A position after the turn.
    func turned(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        let y = isMirrored ? -y : y
        return (x * cosine - y * sine, x * sine + y * cosine)
    }
}
