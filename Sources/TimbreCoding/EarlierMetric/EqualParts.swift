import Glibc

/// Means of equal parts of a course that is constant within a frame.
struct EqualParts<Value: SIMD> where Value.Scalar == Double {
    /// The means, in order.
    let means: [Value]

    /// Divides a course of `frameCount` frames, one at least, into parts; a part need not begin where a frame does.
    ///
    /// - Complexity: O(*n*) in the numbers of frames and parts.
    init(_ partCount: Int, of frameCount: Int, value: (Int) -> Value) {
        var means: [Value] = []
        means.reserveCapacity(partCount)
        var (frame, total, before) = (0, Value.zero, Value.zero)
        for part in 1...partCount {
            let end = Double(part * frameCount) / Double(partCount)
            let whole = min(Int(end), frameCount - 1)
            while frame < whole {
                total += value(frame)
                frame += 1
            }
            let upToEnd = total + (end - Double(whole)) * value(whole)
            means.append((upToEnd - before) * (Double(partCount) / Double(frameCount)))
            before = upToEnd
        }
        self.means = means
    }
}
