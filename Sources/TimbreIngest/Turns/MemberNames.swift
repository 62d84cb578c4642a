import ContentHash
import FolderWatch
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Keeps what is known to be in archives in step with the rules for names: an archive that has not changed is not gone through
/// again by itself.
struct MemberNames {
    let turn: Turn

    /// The catalog's setting that says by which rules archives have been gone through.
    private static let setting = "memberNames"

    /// Has archives gone through anew if other rules are in force than when that was done. What these leave out is forgotten at
    /// once; what they do not leave out any more is found by and by.
    ///
    /// - Complexity: O(*n*) in the members of all archives, if the rules have changed.
    func follow() throws {
        let filter = turn.state.folders.nested.filter
        let (mark, before) = (Self.mark(of: filter), try turn.reader.setting(Self.setting))
        guard mark != before else { return }
        try turn.writer.set(Self.setting, to: mark)
        // A new library has none.
        guard before != nil else { return }
        for state in [FileState.opened, .failed, .skipped] {
            for file in try turn.reader.files(in: state) where file.isArchive {
                let path = try turn.path(of: file)
                // One that lies in another is only a name.
                guard try turn.archive(around: path.bytes)?.id == file.id else { continue }
                try forgetLeftOut(below: path, by: filter)
                try Attempts(turn: turn).reopen(file)
            }
        }
    }

    private func forgetLeftOut(below archive: FilePath, by filter: NameFilter) throws {
        guard let root = turn.state.folders.root(of: archive)?.path else { return }
        var isEmptied = false
        for member in try turn.reader.files(under: archive) {
            if case .candidate = filter.verdict(try turn.path(of: member), below: root) { continue }
            try turn.forget(member)
            isEmptied = true
        }
        if isEmptied { try turn.writer.removeEmptyDirectories(under: archive) }
    }

    private static func mark(of filter: NameFilter) -> Int64 {
        let text = "\(filter.exclude.map(\.text)) \(filter.soundExtensions) \(NameFilter.generation)"
        return ContentHash(of: Array(text.utf8)).leadingNumber
    }
}
