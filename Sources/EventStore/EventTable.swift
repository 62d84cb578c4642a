/// Which files of a library have events, and where these are.
///
/// A value: to take a snapshot is to copy it. It takes 40 bytes a file that has events.
package struct EventTable: Sendable {
    package struct Entry: Hashable, Sendable {
        /// The file's number.
        package var file: Int64
        /// The number of what it holds; copies of a sound have the same.
        package var content: Int64
        package var extent: EventExtent

        package init(file: Int64, content: Int64, extent: EventExtent) {
            self.file = file
            self.content = content
            self.extent = extent
        }
    }

    /// Where the events are; nil if no such file can be had.
    package let file: EventFile?
    /// Ascending by file.
    package private(set) var entries: [Entry]
    /// Whether all files that are long enough have events, as far as that is known.
    package var isComplete: Bool

    /// - Parameter entries: Ascending by file.
    package init(in file: EventFile? = nil, _ entries: [Entry] = [], isComplete: Bool = false) {
        self.file = file
        self.entries = entries
        self.isComplete = isComplete
    }

    package subscript(file: Int64) -> Entry? {
        let place = entries.firstPlace(from: file)
        return place < entries.count && entries[place].file == file ? entries[place] : nil
    }

    /// Makes changes.
    ///
    /// - Parameter changes: Of each file that changes what it has now; nil if it has no events, or is gone.
    /// - Complexity: O(*n*) in the number of entries; O(*m*) if all are younger.
    package mutating func apply(_ changes: [Int64: Entry?]) {
        let added = changes.values.compactMap(\.self).sorted { $0.file < $1.file }
        guard let least = changes.keys.min() else { return }
        let first = entries.firstPlace(from: least)
        let kept = entries[first...].filter { changes[$0.file] == nil }
        entries.removeSubrange(first...)
        var rest = kept[...]
        for entry in added {
            while let next = rest.first, next.file < entry.file { entries.append(rest.removeFirst()) }
            entries.append(entry)
        }
        entries += rest
    }
}

extension [EventTable.Entry] {
    /// The place of the first entry of this file or a younger one.
    fileprivate func firstPlace(from file: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].file < file { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
