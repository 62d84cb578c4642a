import CXXHash

/// The XXH3 of the bytes of a file that carry its sound, without tags and what else surrounds them: of two versions of a
/// file with the same one, only the tags differ.
///
/// 128 bits, of a hash that is fast and not made against forgery: it is compared only with what the same file held before.
package struct AudioHash: Hashable, Sendable {
    /// The digest, 16 bytes.
    package let bytes: [UInt8]

    /// Takes a digest as it was stored or sent; nil unless it has 16 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }
}

/// Computes an ``AudioHash`` piece by piece, in constant memory.
///
/// The value owns a state of libxxhash, which is freed when the value goes out of scope.
@safe package struct AudioHasher: ~Copyable {
    private let state: OpaquePointer

    package init() {
        guard let made = unsafe XXH3_createState(), unsafe XXH3_128bits_reset(made) == XXH_OK else {
            preconditionFailure("libxxhash has no memory for a state")
        }
        unsafe state = made
    }

    deinit { unsafe XXH3_freeState(state) }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe XXH3_128bits_update(state, base, bytes.count)
    }

    /// The hash of all that was taken in.
    package consuming func finish() -> AudioHash {
        let digest = unsafe XXH3_128bits_digest(state)
        let bytes = [digest.high64, digest.low64].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
        guard let hash = AudioHash(bytes: bytes) else { preconditionFailure("an XXH3 of 128 bits has 16 bytes") }
        return hash
    }
}
