/// A decoded content that some file holds, as a training needs it: 8 bytes, as there may be a million of them.
package struct LiveContent: Hashable, Sendable {
    private let bits: UInt64

    /// Bits that count frames: four days of sound. Where there is more, no frame behind these is drawn.
    private static let countBits: UInt64 = 24

    /// - Precondition: The number has at most 40 bits. The keys of features have room for no more than 43.
    init(id: Int64, soundingCount: Int) {
        precondition(id >= 0 && id >> 40 == 0)
        bits = UInt64(id) << Self.countBits | min(UInt64(max(0, soundingCount)), 1 << Self.countBits - 1)
    }

    package var id: Int64 { Int64(bits >> Self.countBits) }

    /// Frames of features that are not silent.
    package var soundingCount: Int { Int(bits & (1 << Self.countBits - 1)) }
}
