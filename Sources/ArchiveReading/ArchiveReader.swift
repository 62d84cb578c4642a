import CArchive
import Glibc
import Platform
import SystemPackage

/// An archive that is gone through once, from its beginning to its end: ZIP, 7z, and tar as it is or compressed by gzip,
/// bzip2, xz or zstd.
///
/// What is in an archive decides how it is read, not its name. It is read through a descriptor alone: nothing is opened,
/// nothing written, no other program started. Of a ZIP whose directory is whole, that says which members there are, and those
/// that are not read cost nothing; their names are those that stand before them.
@safe package struct ArchiveReader: ~Copyable {
    private let owner: ArchiveHandle
    private let input: ArchiveInput
    private var handle: OpaquePointer { unsafe owner.handle }

    /// Has libarchive's names of members be UTF-8, whatever the surroundings say. To be called before the process shuts
    /// itself in, as this reads a file.
    package static func prepare() { _ = unsafe setlocale(LC_CTYPE, "C.UTF-8") }

    /// Begins to read.
    ///
    /// - Parameter file: Open for reading for as long as the reader lives; its offset is neither used nor moved.
    /// - Throws: ``ArchiveFailure`` if it is no archive, or its beginning is damaged.
    package init(_ file: FileDescriptor) throws(ArchiveFailure) {
        (owner, input) = (ArchiveHandle(), ArchiveInput(file))
        let made = unsafe owner.handle
        // A filter that would start a program says so by a warning: that is not wanted.
        let isSupported = unsafe [
            archive_read_support_format_zip(made), archive_read_support_format_7zip(made),
            archive_read_support_format_tar(made), archive_read_support_filter_gzip(made),
            archive_read_support_filter_bzip2(made), archive_read_support_filter_xz(made),
            archive_read_support_filter_zstd(made),
        ].allSatisfy { $0 == ARCHIVE_OK }
        guard isSupported else {
            throw ArchiveFailure(
                reason: .unsupported, detail: "libarchive was built without what reads it", isOfMember: false)
        }
        unsafe ArchiveInput.connect(input, to: made)
        let status = unsafe archive_read_open1(made)
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw failure(isOfMember: false) }
    }

    /// Whether members that are passed over have to be decompressed all the same.
    package var isSolid: Bool {
        switch unsafe archive_format(handle) & ARCHIVE_FORMAT_BASE_MASK {
        case ARCHIVE_FORMAT_ZIP: false
        case ARCHIVE_FORMAT_7ZIP: true
        // A filter that does nothing is always there.
        default: unsafe archive_filter_count(handle) > 1
        }
    }

    /// Goes to the next member, past what is left of this one; nil at the end.
    ///
    /// - Throws: ``ArchiveFailure``; nothing that follows can be read then.
    package mutating func next() throws(ArchiveFailure) -> ArchiveEntry? {
        var entry: OpaquePointer?
        var tries = 0
        while true {
            let status = unsafe archive_read_next_header(handle, &entry)
            if status == ARCHIVE_EOF {
                if let error = input.failure { throw failure(error) }
                return nil
            }
            // It wants to be asked once more.
            if status == ARCHIVE_RETRY, tries < 16 {
                tries += 1
                continue
            }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe entry else {
                throw failure(isOfMember: false)
            }
            return unsafe Self.entry(entry)
        }
    }

    private static func entry(_ entry: OpaquePointer) -> ArchiveEntry {
        let name = unsafe bytes(archive_entry_pathname(entry))
        let kind: ArchiveEntry.Kind =
            if let target = unsafe bytes(archive_entry_hardlink(entry)) {
                .hardLink(target)
            } else {
                switch unsafe archive_entry_filetype(entry) {
                case S_IFREG: .file
                case S_IFDIR: .directory
                default: .other
                }
            }
        let hasTime = unsafe archive_entry_mtime_is_set(entry) != 0
        let seconds = hasTime ? unsafe Int64(archive_entry_mtime(entry)) : 0
        let fraction = hasTime ? unsafe Int64(archive_entry_mtime_nsec(entry)) : 0
        return ArchiveEntry(
            name: name, kind: kind,
            size: unsafe archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil,
            modified: seconds &* 1_000_000_000 &+ fraction, isEncrypted: unsafe archive_entry_is_encrypted(entry) != 0)
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8]? {
        unsafe text.map { start in unsafe UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 } }
    }

    /// Reads the next bytes of the member.
    ///
    /// - Parameter most: How many at the most.
    /// - Returns: None at its end.
    /// - Throws: ``ArchiveFailure``
    package mutating func read(most: Int) throws(ArchiveFailure) -> [UInt8] {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: most) { room, used in
            count = unsafe read(into: UnsafeMutableRawBufferPointer(room))
            used = max(0, count)
        }
        if count >= 0 {
            if count == 0, let error = input.failure { throw failure(error) }
            return bytes
        }
        throw failure(isOfMember: count != Int(ARCHIVE_FATAL))
    }

    /// Reads on; less than 0 is what libarchive says is wrong.
    private func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
        for _ in 0..<16 {
            let count = unsafe archive_read_data(handle, bytes.baseAddress, bytes.count)
            if count != Int(ARCHIVE_RETRY) { return count }
        }
        return Int(ARCHIVE_FATAL)
    }

    private func failure(_ error: Errno) -> ArchiveFailure {
        ArchiveFailure(reason: .unreadable, detail: "\(error)", isOfMember: false)
    }

    private func failure(isOfMember: Bool) -> ArchiveFailure {
        if let error = input.failure { return failure(error) }
        let words = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? ""
        let lowered = words.lowercased()
        let reason: ArchiveFailure.Reason =
            if lowered.contains("encrypt") || lowered.contains("passphrase") {
                .encrypted
            } else if lowered.contains("unrecognized archive format") {
                .unknownFormat
            } else if lowered.contains("unsupported") || lowered.contains("unknown") {
                .unsupported
            } else {
                .damaged
            }
        return ArchiveFailure(reason: reason, detail: words, isOfMember: isOfMember)
    }
}

/// libarchive's handle, freed when nobody reads any more.
@safe private final class ArchiveHandle {
    let handle: OpaquePointer

    init() {
        guard let made = unsafe archive_read_new() else { preconditionFailure("no memory for an archive's handle") }
        unsafe handle = unsafe made
    }

    deinit { unsafe archive_read_free(handle) }
}
