import Glibc
import Platform
import SoundEvents
import Synchronization
import SystemPackage

/// The events of a library's sounds, in a file beside the database: written once, one sound behind the other, and read
/// whole by each search.
///
/// It holds nothing that cannot be made anew from the stored Bark bands. Where the events of a sound are is in the
/// database, which knows of none that are not on disk. What the database does not know of is overwritten or left alone.
package final class EventFile: Sendable {
    package let path: FilePath
    /// A number that no other file has: positions count in this one only.
    package let identity: Int64
    private let file: FileDescriptor
    /// Where the next sound goes.
    private let end: Mutex<Int64>

    private static let magic = Array("timbred events 1".utf8)
    /// The magic and the identity; the rest is left free.
    private static let headSize = 64

    /// Opens the file if it is the one that is known, or makes a new one.
    ///
    /// - Parameters:
    ///   - expected: The identity of the file that the database knows of.
    ///   - used: The place behind the last byte that it knows of.
    /// - Throws: `Errno` if there can be no such file.
    package init(at path: FilePath, expected: Int64?, used: Int64) throws(Errno) {
        self.path = path
        let opened = try OwnedDescriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        let head = try opened.descriptor.bytes(Self.headSize, at: 0)
        if let expected, head == Self.head(expected), try opened.descriptor.size >= used {
            identity = expected
            end = Mutex(max(used, Int64(Self.headSize)))
        } else {
            identity = Int64.random(in: 1 ... .max)
            try opened.descriptor.truncate(to: 0)
            try opened.descriptor.write(Self.head(identity), at: 0)
            end = Mutex(Int64(Self.headSize))
        }
        file = opened.released()
    }

    deinit { _ = Glibc.close(file.rawValue) }

    /// The identity of a file that somebody else may have written; nil if it is none of these.
    package static func identity(ofFileAt path: FilePath) -> Int64? {
        do throws(Errno) {
            let file = try OwnedDescriptor.open(path, O_RDONLY)
            let bytes = try file.descriptor.bytes(headSize, at: 0)
            guard bytes.starts(with: magic), bytes.count == headSize else { return nil }
            let identity = (0..<8).reduce(0) { $0 | Int64(bytes[magic.count + $1]) << (8 * $1) }
            return head(identity) == bytes ? identity : nil
        } catch { return nil }
    }

    private static func head(_ identity: Int64) -> [UInt8] {
        let bytes = magic + (0..<8).map { UInt8(truncatingIfNeeded: identity >> (8 * $0)) }
        return bytes + [UInt8](repeating: 0, count: headSize - bytes.count)
    }

    /// Bytes of the file.
    package var size: Int64 { end.withLock { $0 } }

    /// Writes the events of a sound behind all others. They are not on disk before ``synchronize()`` has returned.
    ///
    /// - Parameter frameCount: Frames of the sound.
    /// - Throws: `Errno`, as when the disk is full; the file is then as before.
    package func append(_ events: SoundEvents, frameCount: Int) throws(Errno) -> EventExtent {
        try end.withLock { end throws(Errno) in
            let extent = EventExtent(position: end, eventCount: events.count, frameCount: frameCount)
            try file.write(EventPart.bytes(of: events, frameCount: frameCount, at: end), at: end)
            end = extent.end
            return extent
        }
    }

    /// Returns when all that was written is on disk (`fdatasync(2)`).
    package func synchronize() throws(Errno) {
        _ = try retryingOnInterrupt { fdatasync(file.rawValue) }
    }

    /// The events of a sound; nil if they are not what was written.
    ///
    /// - Throws: `Errno` if the file cannot be read.
    package func events(at extent: EventExtent) throws(Errno) -> SoundEvents? {
        let bytes = try self.bytes(from: extent.position, to: extent.end)
        var events = SoundEvents()
        var start = 0
        for count in EventPart.counts(ofEvents: extent.eventCount) {
            guard
                let part = EventPart(in: bytes, from: start, count: count, at: extent.position + Int64(start)),
                part.isWhole(in: bytes)
            else { return nil }
            let more = part.events(in: bytes)
            events.frames += more.frames
            events.shapes += more.shapes
            events.patches += more.patches
            start += EventPart.fullSize
        }
        return events
    }

    /// Reads a piece; less, if the file ends before.
    private func bytes(from start: Int64, to end: Int64) throws(Errno) -> [UInt8] {
        try file.bytes(Int(end - start), at: start)
    }

    /// Reads a piece to the beginning of a buffer, which grows if need be; what lies behind it is of earlier pieces.
    func read(from start: Int64, to end: Int64, into buffer: inout [UInt8]) throws(Errno) {
        let count = Int(end - start)
        if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
        var failure: Errno?
        unsafe buffer.withUnsafeMutableBytes { room in
            do throws(Errno) {
                let read = try unsafe file.read(into: room.baseAddress, count, at: start)
                // Nothing there is the beginning of a part then.
                if read < count { unsafe room[read..<count].initializeMemory(as: UInt8.self, repeating: 0) }
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

extension FileDescriptor {
    fileprivate var size: Int64 {
        get throws(Errno) {
            let number = rawValue
            return Int64(try retryingOnInterrupt { Glibc.lseek(number, 0, SEEK_END) })
        }
    }

    /// Reads from a place as much as there is.
    fileprivate func bytes(_ count: Int, at place: Int64) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            do throws(Errno) {
                filled = try unsafe read(into: room.baseAddress, count, at: place)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads from a place as much as there is (`pread(2)`).
    ///
    /// - Returns: How many bytes that are.
    fileprivate func read(into room: UnsafeMutableRawPointer?, _ count: Int, at place: Int64) throws(Errno) -> Int {
        let number = rawValue
        var filled = 0
        while filled < count {
            let done = filled
            let read = try retryingOnInterrupt {
                unsafe Glibc.pread(number, room.map { unsafe $0 + done }, count - done, off_t(place) + done)
            }
            if read == 0 { break }
            filled += read
        }
        return filled
    }

    fileprivate func write(_ bytes: [UInt8], at place: Int64) throws(Errno) {
        let number = rawValue
        var done = 0
        while done < bytes.count {
            let written = done
            done += try retryingOnInterrupt {
                unsafe bytes.withUnsafeBytes { bytes in
                    unsafe Glibc.pwrite(
                        number, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written,
                        off_t(place) + written)
                }
            }
        }
    }

    fileprivate func truncate(to size: Int64) throws(Errno) {
        let number = rawValue
        _ = try retryingOnInterrupt { ftruncate(number, off_t(size)) }
    }
}
