import TimbreIndex

/// A change of the index that follows a commit.
enum IndexEdit: Sendable {
    case insert(IndexedFile)
    case remove(Int64)
    case rename(Int64, directory: Int64, name: [UInt8])
    case directory(Int64, path: [UInt8])
    case offline([Int64], Bool)
}

extension TimbreIndex {
    /// Makes the changes in their order; what stands together is done together.
    mutating func apply(_ edits: [IndexEdit]) {
        var inserts: [IndexedFile] = []
        var removals: [Int64] = []
        func flush(_ index: inout TimbreIndex) {
            if !removals.isEmpty { index.remove(removals) }
            if !inserts.isEmpty { index.insert(inserts) }
            (inserts, removals) = ([], [])
        }
        for edit in edits {
            switch edit {
            case .insert(let file):
                inserts.append(file)
            case .remove(let id):
                if !inserts.isEmpty { flush(&self) }
                removals.append(id)
            case .rename(let id, let directory, let name):
                flush(&self)
                rename(id, directory: directory, name: name)
            case .directory(let id, let path):
                // Files know their directory by its number, whatever its path is when they come.
                setDirectory(id, path: path)
            case .offline(let ids, let isOffline):
                flush(&self)
                setOffline(ids, isOffline)
            }
        }
        flush(&self)
        forgetUnusedDirectories()
    }
}
