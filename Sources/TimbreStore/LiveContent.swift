import ContentHash

/// A decoded content that some file holds, as a training needs it: 48 bytes, as there may be a million of them.
package struct LiveContent: Hashable, Sendable {
    package let id: Int64
    /// Frames of features that are not silent.
    package let soundingCount: Int
    /// The digest, 8 bytes a word.
    private let digest: SIMD4<UInt64>

    package init(id: Int64, soundingCount: Int, hash: ContentHash) {
        self.id = id
        self.soundingCount = soundingCount
        var digest = SIMD4<UInt64>()
        for (place, byte) in hash.bytes.enumerated() { digest[place / 8] = digest[place / 8] << 8 | UInt64(byte) }
        self.digest = digest
    }

    package var hash: ContentHash {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: digest[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
        guard let hash = ContentHash(bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        return hash
    }
}
