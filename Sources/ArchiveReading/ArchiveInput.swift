import CArchive
import Glibc
import Platform
import SystemPackage

/// Gives a file to libarchive, whose callbacks hold on to it by address, hence a class; one thread uses it.
@safe final class ArchiveInput {
    private let file: FileDescriptor
    private let size: Int64
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
    private var offset: Int64 = 0
    /// The first error that the kernel reported.
    private(set) var failure: Errno?

    init(_ file: FileDescriptor) {
        self.file = file
        do throws(Errno) { size = try FileStatus(of: file).size } catch {
            size = 0
            failure = error
        }
    }

    deinit { unsafe block.deallocate() }

    /// Has an archive read through the input, which must outlive it.
    static func connect(_ input: ArchiveInput, to handle: OpaquePointer) {
        unsafe archive_read_set_callback_data(handle, Unmanaged.passUnretained(input).toOpaque())
        unsafe archive_read_set_read_callback(handle) { _, data, start in
            let input = unsafe Unmanaged<ArchiveInput>.fromOpaque(data!).takeUnretainedValue()
            unsafe start!.pointee = UnsafeRawPointer(input.block.baseAddress)
            return input.readNext()
        }
        unsafe archive_read_set_seek_callback(handle) { _, data, distance, whence in
            unsafe Unmanaged<ArchiveInput>.fromOpaque(data!).takeUnretainedValue().seek(by: distance, from: whence)
        }
        unsafe archive_read_set_skip_callback(handle) { _, data, distance in
            unsafe Unmanaged<ArchiveInput>.fromOpaque(data!).takeUnretainedValue().skip(distance)
        }
    }

    /// Reads the next bytes; 0 at the end, −1 after an error.
    private func readNext() -> Int {
        do {
            let count = try unsafe file.read(fromAbsoluteOffset: offset, into: block)
            offset += Int64(count)
            return count
        } catch {
            failure = failure ?? error as? Errno ?? .ioError
            return -1
        }
    }

    /// Goes to a place; returns it.
    private func seek(by distance: Int64, from whence: Int32) -> Int64 {
        let base =
            switch whence {
            case SEEK_CUR: offset
            case SEEK_END: size
            default: 0 as Int64
            }
        let (place, overflows) = base.addingReportingOverflow(distance)
        guard !overflows, place >= 0 else { return Int64(ARCHIVE_FATAL) }
        offset = place
        return place
    }

    /// Passes over bytes, and returns how many: what lies behind the end is left to a read to find out.
    private func skip(_ distance: Int64) -> Int64 {
        let count = max(0, min(distance, size - offset))
        offset += count
        return count
    }
}
