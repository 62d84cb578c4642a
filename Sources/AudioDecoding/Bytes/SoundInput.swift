import Platform
import SoundFeatures
import SystemPackage

/// What a sound is read from: a file, or what was unpacked into memory.
package protocol SoundInput {
    /// How many bytes there are.
    ///
    /// - Throws: ``ExtractionFailure`` if these are not bytes that can be read in any order.
    func count() throws(ExtractionFailure) -> Int64

    /// Reads bytes at a place; fewer than asked for at the end only.
    func read(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) throws(Errno) -> Int
}

/// A file is read without using or moving its offset.
extension FileDescriptor: SoundInput {
    package func count() throws(ExtractionFailure) -> Int64 {
        let status: FileStatus
        do throws(Errno) { status = try FileStatus(of: self) } catch {
            throw ExtractionFailure(.unreadable, "\(error)")
        }
        guard status.kind == .file else { throw ExtractionFailure(.unknownFormat, "not a regular file") }
        return status.size
    }

    package func read(at place: Int64, into bytes: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        do { return try unsafe read(fromAbsoluteOffset: place, into: bytes) } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
