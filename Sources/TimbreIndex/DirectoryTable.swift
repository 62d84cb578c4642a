/// The paths of the directories, each once, however many files lie in it.
///
/// A directory keeps its slot for as long as a file refers to it. The others' slots are given to new directories once
/// there are many, so that the table is never much larger than it has to be.
struct DirectoryTable: Sendable {
    private var slots: [Int64: Int32] = [:]
    /// The number and the path of the directory in each slot.
    private(set) var entries: [(directory: Int64, path: [UInt8]?)] = []
    /// Slots that no directory has.
    private var free: [Int32] = []
    /// How many directories there may be before the next look for those that no file lies in.
    private var most = Self.leastMost

    private static let leastMost = 1024

    /// The place of a directory, made if there is none.
    mutating func slot(of directory: Int64) -> Int32 {
        if let slot = slots[directory] { return slot }
        let slot = free.popLast() ?? Int32(entries.count)
        slots[directory] = slot
        if slot == entries.count { entries.append((directory, nil)) } else { entries[Int(slot)] = (directory, nil) }
        return slot
    }

    mutating func setPath(_ path: [UInt8], of directory: Int64) { entries[Int(slot(of: directory))].path = path }

    mutating func removePath(of directory: Int64) {
        if let slot = slots[directory] { entries[Int(slot)].path = nil }
    }

    /// Whether it is time to look for directories that no file lies in.
    var isFull: Bool { slots.count > most }

    /// Forgets the directories that no file lies in.
    ///
    /// - Parameter isUsed: Of each slot, whether a file refers to it.
    mutating func keep(_ isUsed: [Bool]) {
        for slot in entries.indices where !isUsed[slot] && slots[entries[slot].directory] == Int32(slot) {
            slots[entries[slot].directory] = nil
            entries[slot] = (0, nil)
        }
        while let last = isUsed[..<entries.count].last, !last { entries.removeLast() }
        free = entries.indices.filter { !isUsed[$0] }.map(Int32.init)
        most = max(Self.leastMost, slots.count * 2)
    }

    /// Of each slot, its directory's place among all in the order of their paths' bytes.
    var placesByPath: [Int] {
        let order = entries.indices.sorted {
            (entries[$0].path ?? []).lexicographicallyPrecedes(entries[$1].path ?? [])
        }
        var places = [Int](repeating: 0, count: entries.count)
        for (place, slot) in order.enumerated() { places[slot] = place }
        return places
    }

    /// Of each slot, whether a filter finds what lies there.
    func admitted(by filter: IndexFilter) -> [Bool] {
        entries.map { entry in
            filter.directories.isEmpty || entry.path.map(filter.admits(directory:)) ?? false
        }
    }

    /// By the slots of their directories, the names of those of some paths that may be files.
    func files(named paths: [[UInt8]]) -> [Int: Set<[UInt8]>] {
        var names: [Int: Set<[UInt8]>] = [:]
        for path in paths {
            guard let slash = path.lastIndex(of: UInt8(ascii: "/")), slash + 1 < path.count else { continue }
            let parent = slash == 0 ? path[...0] : path[..<slash]
            for (slot, entry) in entries.enumerated() where entry.path?.elementsEqual(parent) == true {
                names[slot, default: []].insert(Array(path[(slash + 1)...]))
            }
        }
        return names
    }
}
