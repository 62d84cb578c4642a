import CSndFile
import Glibc

/// Gives a view to a decoder, as if it were a file.
///
/// Decoders' callbacks hold on to it by address, hence a class; one thread uses it.
final class ViewReader {
    let view: ByteView
    private var offset: Int64 = 0

    init(_ view: ByteView) { self.view = view }

    /// The callbacks that libsndfile reads through, their user data being an unretained reader.
    static var callbacks: SF_VIRTUAL_IO {
        func reader(_ data: UnsafeMutableRawPointer?) -> ViewReader {
            unsafe Unmanaged<ViewReader>.fromOpaque(data!).takeUnretainedValue()
        }
        return unsafe SF_VIRTUAL_IO(
            get_filelen: { unsafe reader($0).view.size },
            seek: { unsafe reader($2).seek(by: $0, from: $1) },
            read: { unsafe reader($2).readNext(UnsafeMutableRawBufferPointer(start: $0, count: Int($1))) },
            write: { _, _, _ in 0 },
            tell: { unsafe reader($0).offset })
    }

    /// Goes to a place, as lseek(2) does; −1 if there is none.
    func seek(by distance: Int64, from whence: Int32) -> Int64 {
        let base =
            switch whence {
            case SEEK_CUR: offset
            case SEEK_END: view.size
            default: 0 as Int64
            }
        let (place, overflows) = base.addingReportingOverflow(distance)
        guard !overflows, place >= 0 else { return -1 }
        offset = place
        return place
    }

    /// Reads what comes next. A file that grows meanwhile is read as it was when it was opened.
    func readNext(_ bytes: UnsafeMutableRawBufferPointer) -> Int64 {
        let count = unsafe view.read(at: offset, into: bytes)
        offset += Int64(count)
        return Int64(count)
    }
}
