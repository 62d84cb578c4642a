import SoundEvents

/// Events as no sound has them, over backgrounds of all shapes: each has one of a few patches, so that many are equal.
struct MadeUpEvents {
    private var state: UInt64
    private let kinds: [[UInt8]]

    init(seed: UInt64, kinds count: Int = 60) {
        var bytes = RandomBytes(state: seed)
        kinds = (0..<count).map { _ in (0..<SoundEvents.patchSize).map { _ in bytes.next() % 241 } }
        state = bytes.state
    }

    mutating func events(_ count: Int) -> SoundEvents {
        var bytes = RandomBytes(state: state)
        defer { state = bytes.state }
        var events = SoundEvents()
        var frame: UInt32 = 0
        for _ in 0..<count {
            events.frames.append(frame)
            events.shapes.append(bytes.next() % UInt8(BackgroundShape.count))
            events.patches += kinds[Int(bytes.next()) % kinds.count]
            frame += 1 + UInt32(bytes.next() % 24)
        }
        return events
    }
}

/// The upper bytes of a linear congruential generator's states. Source: D. Knuth's MMIX.
struct RandomBytes {
    var state: UInt64

    mutating func next() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(state >> 56)
    }

    /// A number from 0 to below a limit of at most 2¹⁶.
    mutating func next(below limit: Int) -> Int { (Int(next()) << 8 | Int(next())) % limit }
}
