/// The paths of the directories, each once, however many files lie in it.
///
/// A directory keeps its slot for as long as the index lives, also when its path is taken away: files may still refer
/// to it, and it may come back.
struct DirectoryTable: Sendable {
    private var slots: [Int64: Int32] = [:]
    /// The number and the path of the directory in each slot.
    private(set) var entries: [(directory: Int64, path: [UInt8]?)] = []

    /// The place of a directory, made if there is none.
    mutating func slot(of directory: Int64) -> Int32 {
        if let slot = slots[directory] { return slot }
        let slot = Int32(entries.count)
        slots[directory] = slot
        entries.append((directory, nil))
        return slot
    }

    mutating func setPath(_ path: [UInt8], of directory: Int64) { entries[Int(slot(of: directory))].path = path }

    mutating func removePath(of directory: Int64) {
        if let slot = slots[directory] { entries[Int(slot)].path = nil }
    }

    /// Of each slot, whether a filter finds what lies there.
    func admitted(by filter: IndexFilter) -> [Bool] {
        entries.map { entry in
            filter.directories.isEmpty || entry.path.map(filter.admits(directory:)) ?? false
        }
    }
}
