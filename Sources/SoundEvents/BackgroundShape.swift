/// The shapes that backgrounds have, whatever their level: typical ones, of which each event has the number of the nearest.
///
/// Patches of events over like backgrounds are compared with the same templates. The shapes are those that k-means found in
/// 2,338 places of 591 freely licensed textures, voices and notes; `Tests/Training/background_shapes.py` finds them.
package enum BackgroundShape {
    /// How many there are.
    package static let count = table.count
    private static let groupSize = 5

    /// Shape `[100]`, in quarters of a decibel; its mean is about 0.
    static func levels(of shape: Int) -> [Int16] {
        table[shape].flatMap { [Int16](repeating: $0, count: groupSize) }
    }

    /// The shape that is nearest to a background; the first of several.
    ///
    /// - Parameter background: Shape `[100]`, in quarters of a decibel.
    static func nearest(to background: [Int16]) -> UInt8 {
        let sums = stride(from: 0, to: background.count, by: groupSize).map { first in
            background[first..<first + groupSize].reduce(0) { $0 + Int($1) }
        }
        let mean = sums.reduce(0, +) / sums.count
        var best: (shape: Int, distance: Int) = (0, .max)
        for (shape, values) in table.enumerated() {
            let distance = zip(sums, values).reduce(0) { total, pair in
                let difference = pair.0 - mean - groupSize * Int(pair.1)
                return total + difference * difference
            }
            if distance < best.distance { best = (shape, distance) }
        }
        return UInt8(best.shape)
    }

    private static let table: [[Int16]] = [
        [-194, -122, -75, -48, -18, -20, -18, 17, 11, 17, 28, 33, 39, 46, 46, 41, 43, 58, 59, 56],
        [-64, -55, -58, -54, -47, -47, -42, -31, -17, 15, -5, -7, -1, 28, 35, 53, 53, 73, 84, 87],
        [-84, -97, -93, -69, -44, -34, 62, 7, -26, 9, 145, -63, 8, -19, 76, 34, 52, 38, 51, 48],
        [-116, -69, -46, -4, -29, 5, 19, 23, 17, 35, 18, 26, 15, 41, 16, 23, 19, 8, -3, 1],
        [-119, -105, -57, 53, 92, -57, -58, 20, -84, 75, -14, 49, 34, 46, 62, 41, 22, 9, -1, -9],
        [-135, -83, 72, -12, -19, 39, -21, 9, 25, 27, 20, 36, 41, 23, 16, 10, 12, -6, -20, -31],
        [-52, -43, -33, -28, -20, -14, -9, -5, -3, 0, 4, 7, 10, 13, 17, 21, 25, 31, 37, 41],
        [-152, -68, -14, -53, 39, -6, 18, 56, 67, 55, 44, 39, 47, 43, 27, 13, -16, -27, -44, -68],
        [15, -8, -26, -35, -35, -33, -39, -38, -29, -22, -14, -2, 11, 20, 26, 32, 40, 40, 46, 51],
        [1, -8, -11, -11, -10, -9, -7, -5, -6, -4, -3, -1, 2, 7, 7, 10, 18, 12, 11, 7],
        [-49, -3, 8, 36, 24, 11, 35, 25, 29, 13, 13, 17, 5, 4, -8, -16, -22, -31, -40, -50],
        [23, 10, -5, -1, 11, 9, 3, 3, -6, -6, -8, 1, -6, -13, 5, 73, -10, -56, -28, 3],
        [26, -23, -37, -38, -10, 130, 73, -42, -36, 76, -53, 19, -44, 28, -4, -19, -16, -6, -17, -6],
        [31, 43, 34, 25, 20, 14, 9, 8, 5, 2, 0, -2, -4, -8, -14, -20, -26, -31, -38, -46],
        [-18, 22, 24, 39, 42, 37, 39, 45, 46, 45, 53, 44, 39, 32, 20, -11, -88, -122, -142, -145],
        [94, 103, 96, 86, 69, 53, 30, 15, 7, 1, -26, -35, -45, -54, -67, -68, -68, -59, -67, -66],
    ]
}
