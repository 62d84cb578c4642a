import CGcrypt

/// libgcrypt wants to be told once that nobody will configure it further.
private let library: Void = {
    unsafe gcry_check_version(nil)
    // gcry_control is variadic, which Swift cannot call; libgcrypt finishes its own set-up at first use.
}()

/// Computes a ``ContentHash`` piece by piece, in constant memory.
///
/// The value owns a libgcrypt handle, which is closed when the value goes out of scope. SHA-256 is FIPS 180-4;
/// libgcrypt uses the processor's own instructions for it where there are any.
@safe package struct ContentHasher: ~Copyable {
    private let handle: gcry_md_hd_t

    package init() {
        _ = library
        var opened: gcry_md_hd_t?
        let status = unsafe gcry_md_open(&opened, Int32(GCRY_MD_SHA256.rawValue), 0)
        guard status == 0, let opened = unsafe opened else { preconditionFailure("libgcrypt has no SHA-256") }
        unsafe handle = opened
    }

    deinit { unsafe gcry_md_close(handle) }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe gcry_md_write(handle, base, bytes.count)
    }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { buffer in unsafe gcry_md_write(handle, buffer.baseAddress, buffer.count) }
    }

    /// The hash of all that was taken in.
    package consuming func finish() -> ContentHash {
        guard let digest = unsafe gcry_md_read(handle, Int32(GCRY_MD_SHA256.rawValue)) else {
            preconditionFailure("libgcrypt gave no digest")
        }
        guard let hash = unsafe ContentHash(bytes: UnsafeBufferPointer(start: digest, count: 32)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return hash
    }
}

extension ContentHash {
    /// Hashes bytes that are in memory.
    package init(of bytes: [UInt8]) {
        var hasher = ContentHasher()
        hasher.update(bytes)
        self = hasher.finish()
    }
}
