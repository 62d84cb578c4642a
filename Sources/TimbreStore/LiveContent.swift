/// A decoded content that some file holds, as a training needs it: 16 bytes, as there may be a million of them.
package struct LiveContent: Hashable, Sendable {
    package let id: Int64
    private let count: UInt32

    package init(id: Int64, soundingCount: Int) {
        self.id = id
        count = UInt32(clamping: soundingCount)
    }

    /// Frames of features that are not silent.
    package var soundingCount: Int { Int(count) }
}
