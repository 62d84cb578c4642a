import ContentHash
import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Keeps what is known to be in archives in step with the rules for names: an archive that has not changed is not gone through
/// again by itself.
struct MemberNames {
    let turn: Turn

    /// The catalog's setting that says by which rules archives have been gone through.
    private static let setting = "memberNames"

    /// So many members are forgotten at once; the others when their archives have been gone through.
    private static let most = 10 * Turn.mostFiles

    /// Has archives gone through anew if other rules are in force than when that was done. What these leave out is forgotten at
    /// once; what they do not leave out any more is found by and by.
    ///
    /// - Complexity: O(*n*) in the members of all archives, if the rules have changed.
    func follow() throws {
        let filter = turn.state.folders.nested.filter
        let (mark, before) = (Self.mark(of: filter), try turn.reader.setting(Self.setting))
        guard mark != before else { return }
        try turn.writer.set(Self.setting, to: mark)
        var room = Self.most
        for archive in try archives() {
            try forgetLeftOut(below: try turn.path(of: archive), by: filter, &room)
            // An earlier version read by the rules that it had, and did not follow them since.
            if before != nil || room == 0 { try Attempts(turn: turn).reopen(archive) }
        }
    }

    /// All archives, but for those that nothing can be said of: they are tried again only if somebody asks for it.
    private func archives() throws -> [FileRecord] {
        try [FileState.unopened, .opened, .failed, .skipped].flatMap { try turn.reader.files(in: $0) }.filter { file in
            guard file.isArchive else { return false }
            if let reason = file.failure?.reason, [.crashed, .unreadable].contains(reason) { return false }
            // One that lies in another is only a name.
            return try turn.archive(around: try turn.path(of: file).bytes)?.id == file.id
        }
    }

    private func forgetLeftOut(below archive: FilePath, by filter: NameFilter, _ room: inout Int) throws {
        guard let root = turn.state.folders.watched(around: archive) else { return }
        try turn.forgetMembers(of: archive) { member in
            guard room > 0 else { return false }
            if case .candidate = filter.verdict(try turn.path(of: member), below: root) { return false }
            room -= 1
            return true
        }
    }

    private static func mark(of filter: NameFilter) -> Int64 {
        let text = "\(filter.exclude.map(\.text)) \(filter.soundExtensions) \(NameFilter.generation)"
        return ContentHash(of: Array(text.utf8)).leadingNumber
    }
}
