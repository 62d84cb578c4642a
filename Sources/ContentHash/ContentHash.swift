import CGcrypt

/// The SHA-256 of a file's bytes: the key under which all that is known of a sound is kept, whatever its name.
package struct ContentHash: Hashable, Sendable, Comparable {
    /// The digest, 32 bytes.
    package let bytes: [UInt8]

    /// Takes a digest as it was stored or sent; nil unless it has 32 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads the form of ``description``.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        let digits = Array(text.utf8.dropFirst(7))
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for pair in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[pair]), let low = Self.value(digits[pair + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The first eight bytes as a number, where something is to be told from what it was before, and nobody means harm.
    package var leadingNumber: Int64 { bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) } }

    package static func < (a: ContentHash, b: ContentHash) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension ContentHash: CustomStringConvertible {
    /// `sha256:` and 64 hexadecimal digits in lower case.
    package var description: String { "sha256:" + hexadecimal }

    /// The digest as 64 hexadecimal digits in lower case.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

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
