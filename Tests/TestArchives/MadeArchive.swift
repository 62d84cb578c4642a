import CArchive
import Glibc
import SystemPackage

/// An archive that libarchive itself writes, in memory.
package struct MadeArchive {
    package enum Form: String, Sendable, CaseIterable {
        case zip, storedZip, sevenZip, tar, tarGzip, tarBzip2, tarXZ, tarZstandard
    }

    /// A member.
    package enum Member {
        case file(String, [UInt8])
        case hardLink(String, to: String)
        case symbolicLink(String, to: String)
        case directory(String)
    }

    /// The archive's bytes.
    package let bytes: [UInt8]

    /// - Parameter password: With which the members of a ZIP are encrypted.
    package init(_ form: Form, _ members: [Member], password: String? = nil) throws(ArchiveNotMade) {
        guard let archive = unsafe archive_write_new() else { throw ArchiveNotMade(words: "no memory") }
        defer { unsafe archive_write_free(archive) }
        var room = [UInt8](repeating: 0, count: 4096)
        for case .file(_, let data) in members { room += [UInt8](repeating: 0, count: data.count + 4096) }
        room += [UInt8](repeating: 0, count: 4096 * members.count + 64 * 1024)
        let capacity = room.count
        var used = 0
        let status = unsafe room.withUnsafeMutableBytes { room in
            var result = unsafe Self.choose(form, of: archive)
            if let password, result == ARCHIVE_OK {
                result = unsafe archive_write_set_options(archive, "zip:encryption=traditional")
                if result == ARCHIVE_OK { result = unsafe archive_write_set_passphrase(archive, password) }
            }
            if result == ARCHIVE_OK {
                result = unsafe archive_write_open_memory(archive, room.baseAddress, capacity, &used)
            }
            for member in members where result == ARCHIVE_OK { result = unsafe Self.write(member, to: archive) }
            return result == ARCHIVE_OK ? unsafe archive_write_close(archive) : result
        }
        guard status == ARCHIVE_OK else {
            throw ArchiveNotMade(words: unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "")
        }
        bytes = Array(room.prefix(used))
    }

    private static func choose(_ form: Form, of archive: OpaquePointer) -> Int32 {
        // Without padding at its end.
        unsafe archive_write_set_bytes_in_last_block(archive, 1)
        switch form {
        case .zip: return unsafe archive_write_set_format_zip(archive)
        case .storedZip:
            let chosen = unsafe archive_write_set_format_zip(archive)
            return chosen == ARCHIVE_OK ? unsafe archive_write_zip_set_compression_store(archive) : chosen
        case .sevenZip: return unsafe archive_write_set_format_7zip(archive)
        default: break
        }
        let filter: Int32 =
            switch form {
            case .tarGzip: unsafe archive_write_add_filter_gzip(archive)
            case .tarBzip2: unsafe archive_write_add_filter_bzip2(archive)
            case .tarXZ: unsafe archive_write_add_filter_xz(archive)
            case .tarZstandard: unsafe archive_write_add_filter_zstd(archive)
            default: unsafe archive_write_add_filter_none(archive)
            }
        return filter == ARCHIVE_OK ? unsafe archive_write_set_format_ustar(archive) : filter
    }

    private static func write(_ member: Member, to archive: OpaquePointer) -> Int32 {
        guard let entry = unsafe archive_entry_new() else { return ARCHIVE_FATAL }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_mtime(entry, 1_700_000_000, 0)
        unsafe archive_entry_set_perm(entry, 0o644)
        unsafe archive_entry_set_filetype(entry, S_IFREG)
        switch member {
        case .file(let name, let data):
            unsafe archive_entry_set_pathname(entry, name)
            unsafe archive_entry_set_size(entry, Int64(data.count))
            let status = unsafe archive_write_header(archive, entry)
            guard status == ARCHIVE_OK else { return status }
            let count = unsafe data.withUnsafeBytes { unsafe archive_write_data(archive, $0.baseAddress, $0.count) }
            return count == data.count ? ARCHIVE_OK : ARCHIVE_FATAL
        case .hardLink(let name, let target):
            unsafe archive_entry_set_pathname(entry, name)
            unsafe archive_entry_set_hardlink(entry, target)
        case .symbolicLink(let name, let target):
            unsafe archive_entry_set_pathname(entry, name)
            unsafe archive_entry_set_filetype(entry, S_IFLNK)
            unsafe archive_entry_set_symlink(entry, target)
        case .directory(let name):
            unsafe archive_entry_set_pathname(entry, name)
            unsafe archive_entry_set_filetype(entry, S_IFDIR)
        }
        return unsafe archive_write_header(archive, entry)
    }
}

/// libarchive could not write an archive.
package struct ArchiveNotMade: Error {
    package var words: String
}
