import Platform
import Synchronization
import SystemPackage

/// Notices when a read or write runs into damage, and marks the database, so that the next start checks it.
final class DamageWatch: Sendable {
    private struct State {
        var found: String?
        var tell: (@Sendable (String) -> Void)?
    }

    private let mark: DamageMark
    private let state = Mutex(State())

    init(_ mark: DamageMark) { self.mark = mark }

    var found: String? { state.withLock { $0.found } }

    func listen(_ tell: @escaping @Sendable (String) -> Void) { state.withLock { $0.tell = tell } }

    /// - Throws: What `body` throws.
    func watching<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            if let words = StorageFailure.damage(of: error) { note(words) }
            throw error
        }
    }

    private func note(_ words: String) {
        let tell: (@Sendable (String) -> Void)? = state.withLock { state in
            guard state.found == nil else { return nil }
            state.found = StorageFailure.damage(words)
            return state.tell ?? { _ in }
        }
        guard let tell else { return }
        var told = StorageFailure.damage(words)
        do { try mark.set(words) } catch { told += "; \(mark.path) cannot be written (\(error)): make it before" }
        tell(told)
    }
}

/// A file beside the database that says that SQLite found it damaged, and how.
///
/// It outlives the process: the next start checks the database before using it.
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
