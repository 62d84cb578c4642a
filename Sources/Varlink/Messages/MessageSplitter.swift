#if canImport(Glibc)
    import Glibc
#endif

/// Finds the messages in a stream of bytes, each of which ends with a NUL.
///
/// Bytes go in as they arrive, in pieces of any size; complete messages come out in their order, without the NUL.
/// - Complexity: Each byte is looked at once and moved at most twice.
package struct MessageSplitter: Sendable {
    /// A message that does not end where it must.
    package struct TooLong: Error, Hashable {}

    /// The most bytes that a message may have.
    package let limit: Int
    private var bytes: [UInt8] = []
    /// Where the message starts that is next, and how much of ``bytes`` is known to hold no NUL after that.
    private var start = 0
    private var searched = 0

    package init(limit: Int = 32 << 20) { self.limit = limit }

    /// Whether part of a message has arrived, and the rest has not.
    package var isInside: Bool { start < bytes.count }

    /// Bytes of the message that has begun to arrive.
    package var unfinishedCount: Int { bytes.count - start }

    /// Takes in what arrived.
    package mutating func append(_ piece: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            (start, searched) = (0, searched - start)
        }
        bytes += piece
    }

    /// Takes out the next message; nil if it is not there in full.
    ///
    /// - Throws: ``TooLong`` if more than ``limit`` bytes have come without a NUL. Nothing more can be had then.
    package mutating func next() throws(TooLong) -> [UInt8]? {
        guard let end = nextEnd() else {
            searched = bytes.count
            guard bytes.count - start <= limit else { throw TooLong() }
            return nil
        }
        guard end - start <= limit else { throw TooLong() }
        defer { (start, searched) = (end + 1, end + 1) }
        return Array(bytes[start..<end])
    }

    private func nextEnd() -> Int? {
        unsafe bytes.withUnsafeBytes { all in
            guard searched < all.count, let base = all.baseAddress,
                let found = unsafe memchr(base + searched, 0, all.count - searched)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
