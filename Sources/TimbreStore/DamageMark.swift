import SystemPackage

/// A file beside the database that says that SQLite has come upon damage in it, and what.
///
/// It outlasts the process, so that the next start looks the database through before it uses it.
struct DamageMark {
    let path: FilePath

    init(of database: FilePath) { path = database.adding(".suspect") }

    var isSet: Bool { path.fileSize != nil }

    /// - Parameter reason: For people who look into the file.
    func set(_ reason: String) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(Array("\(reason)\n".utf8)) }
        try path.removingLastComponent().syncFolder()
    }

    func clear() throws(Errno) { try path.removeFile() }
}
