import Glibc
import SoundFeatures
import SystemPackage

/// A sound's bytes in memory: what was unpacked of an archive.
///
/// The room is reserved at once, and takes memory only as it is used.
@safe package final class MemoryInput: SoundInput {
    private let room: UnsafeMutableRawBufferPointer
    private var used = 0

    /// So much is kept for the next sound, in bytes.
    private static let kept = 4 << 20

    /// - Parameter capacity: The most bytes that it takes.
    package init(capacity: Int) { unsafe room = .allocate(byteCount: max(1, capacity), alignment: 4096) }

    deinit { unsafe room.deallocate() }

    /// The most bytes that it takes.
    package var capacity: Int { unsafe room.count }

    /// Adds bytes, as many as there is room for.
    package func append(_ bytes: [UInt8]) {
        let count = unsafe min(bytes.count, room.count - used)
        guard count > 0 else { return }
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: room[used...])
        unsafe bytes.withUnsafeBytes {
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
        }
        used += count
    }

    /// Forgets the bytes, and gives back the memory of a large sound.
    package func clear() {
        if used > Self.kept, let start = unsafe room.baseAddress {
            _ = unsafe madvise(start + Self.kept, used - Self.kept, MADV_DONTNEED)
        }
        used = 0
    }

    package func count() throws(ExtractionFailure) -> Int64 { Int64(used) }

    package func read(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        guard place >= 0, place < Int64(used) else { return 0 }
        let count = min(bytes.count, used - Int(place))
        unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: room[Int(place)..<Int(place) + count]))
        return count
    }
}
