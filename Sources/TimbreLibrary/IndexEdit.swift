import EventStore
import TimbreDescriptors
import TimbreIndex

/// A change of what is searched, made after a commit.
package enum IndexEdit: Sendable {
    case insert(IndexedFile)
    /// A file that is in the index has events, or others than before.
    case events(EventTable.Entry)
    /// A file that is in the index has no events, or not yet.
    case withoutEvents(Int64)
    case remove(Int64)
    /// A file that is in the index has figures now; nil if nothing is heard in it.
    case figures(Int64, SoundFigures?)
    case rename(Int64, directory: Int64, name: [UInt8])
    case directory(Int64, path: [UInt8])
    case offline([Int64], Bool)
}

extension EventTable {
    /// Applies those changes that are about events, or take files away.
    package mutating func apply(_ edits: [IndexEdit]) {
        var changes: [Int64: Entry?] = [:]
        for edit in edits {
            switch edit {
            case .events(let entry): changes[entry.file] = .some(entry)
            case .remove(let file), .withoutEvents(let file): changes[file] = .some(nil)
            case .insert, .figures, .rename, .directory, .offline: break
            }
        }
        apply(changes)
    }
}

extension TimbreIndex {
    /// Applies changes in order, in batches where they allow it.
    package mutating func apply(_ edits: [IndexEdit]) {
        var inserts: [IndexedFile] = []
        var removals: [Int64] = []
        var moving: (ids: [Int64], isOffline: Bool) = ([], false)
        func flush(_ index: inout TimbreIndex) {
            if !removals.isEmpty { index.remove(removals) }
            if !inserts.isEmpty { index.insert(inserts) }
            if !moving.ids.isEmpty { index.setOffline(moving.ids, moving.isOffline) }
            (inserts, removals, moving.ids) = ([], [], [])
        }
        for edit in edits {
            switch edit {
            case .insert(let file):
                if !moving.ids.isEmpty { flush(&self) }
                inserts.append(file)
            case .remove(let id):
                if !inserts.isEmpty || !moving.ids.isEmpty { flush(&self) }
                removals.append(id)
            case .rename(let id, let directory, let name):
                flush(&self)
                rename(id, directory: directory, name: name)
            case .figures(let id, let figures):
                if !inserts.isEmpty || !removals.isEmpty { flush(&self) }
                setFigures(figures, of: id)
            case .events, .withoutEvents: break
            case .directory(let id, let path):
                // Files refer to their directory by number, so that its path may come later.
                setDirectory(id, path: path)
            case .offline(let ids, let isOffline):
                if !inserts.isEmpty || !removals.isEmpty || moving.isOffline != isOffline { flush(&self) }
                moving = (moving.ids + ids, isOffline)
            }
        }
        flush(&self)
        forgetUnusedDirectories()
    }
}
