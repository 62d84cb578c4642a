import SoundFeatures
import SystemPackage

/// Reads a sound's bytes, which belong to somebody else.
///
/// What is read ahead is shared by all views of the file, hence a class; one thread uses it.
final class InputReader {
    /// Bytes in the file when it was opened.
    let size: Int64
    /// The first error that the kernel reported while reading.
    private(set) var failure: Errno?

    private let file: any SoundInput
    /// What was read last, ahead of what was asked for: a short sound then takes one call of the kernel.
    private var ahead: [UInt8] = []
    /// Where that begins in the file.
    private var aheadStart: Int64 = 0

    /// Bytes that are read ahead.
    private static let aheadLength = 1 << 16
    /// So many bytes are read at once, without anything ahead.
    private static let longRead = 1 << 14

    /// - Throws: ``ExtractionFailure`` if the bytes are not those of a regular file, nor in memory.
    init(_ file: any SoundInput) throws(ExtractionFailure) {
        self.file = file
        size = try file.count()
    }

    /// Reads bytes at a place; fewer than asked for at the end or after an error.
    func read(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        let count = unsafe copyAhead(at: place, into: bytes)
        if count == bytes.count { return count }
        let (rest, next) = (unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[count...]), place + Int64(count))
        if rest.count >= Self.longRead { return unsafe count + readDirectly(at: next, into: rest) }
        var found = 0
        ahead = unsafe [UInt8](unsafeUninitializedCapacity: Self.aheadLength) { room, used in
            found = unsafe readDirectly(at: next, into: UnsafeMutableRawBufferPointer(room))
            used = found
        }
        aheadStart = next
        return unsafe count + copyAhead(at: next, into: rest)
    }

    /// Copies what was read ahead of a place, as far as it goes.
    private func copyAhead(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard place >= aheadStart, place - aheadStart < Int64(ahead.count) else { return 0 }
        let first = Int(place - aheadStart)
        let count = min(bytes.count, ahead.count - first)
        unsafe ahead.withUnsafeBytes { ahead in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: ahead[first..<first + count]))
        }
        return count
    }

    private func readDirectly(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) -> Int {
        do throws(Errno) {
            return try unsafe file.read(at: place, into: bytes)
        } catch {
            failure = failure ?? error
            return 0
        }
    }
}
