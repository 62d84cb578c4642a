/// Counts the files of each folder, so that no folder has more of them than there is room for.
struct FolderRoom {
    private let limit: Int
    private var counts: [Int64: Int] = [:]
    /// The folders that have no room left.
    private(set) var full: Set<Int64> = []

    /// - Parameter limit: How many files of a folder there is room for, 1 or more.
    init(_ limit: Int) { self.limit = limit }

    /// Takes a file in, if its folder has room.
    ///
    /// - Parameter folder: The number of the directory in which the file lies.
    mutating func takes(fileOf folder: Int64) -> Bool {
        guard !full.contains(folder) else { return false }
        counts[folder, default: 0] += 1
        if counts[folder] == limit { full.insert(folder) }
        return true
    }
}
