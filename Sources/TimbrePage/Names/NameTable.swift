import Glibc
import TimbreWire

/// The names of the sounds that can be searched, for looking among them while somebody types.
///
/// A file takes some 20 bytes beside its name, which is kept twice, and a folder's path is kept once: 100 000 files of a
/// sample library take 8 MB.
package struct NameTable: Sendable {
    private struct Folder {
        var path: [UInt8]
        var folded: [UInt8]
    }

    private struct Row {
        var folder: UInt32
        /// Where the name begins in ``NameTable/names``; the folded one follows it.
        var start: UInt32
        var length: UInt16
        var foldedLength: UInt16
        var duration: Float
        var channels: UInt8
    }

    private var folders: [Folder] = []
    private var folderNumbers: [[UInt8]: UInt32] = [:]
    private var rows: [Row] = []
    private var names: [UInt8] = []

    package init() {}

    package var count: Int { rows.count }

    /// Adds a file, if it can be searched. Files of a folder come one after the other, in the order of their bytes.
    package mutating func append(_ file: FileItem) {
        guard file.state == .indexed else { return }
        let path = file.path.bytes
        let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        let name = path[(slash + 1)...]
        let folded = Self.folded(name)
        guard let length = UInt16(exactly: name.count), let foldedLength = UInt16(exactly: folded.count),
            let start = UInt32(exactly: names.count)
        else { return }
        rows.append(
            Row(
                folder: number(of: Array(path[..<slash])), start: start, length: length, foldedLength: foldedLength,
                duration: Float(file.duration ?? 0), channels: UInt8(clamping: file.channels ?? 0)))
        names += name
        names += folded
    }

    /// Lets go of what only ``append(_:)`` needs.
    package mutating func finish() { folderNumbers = [:] }

    private mutating func number(of path: [UInt8]) -> UInt32 {
        if let last = folders.indices.last, folders[last].path == path { return UInt32(last) }
        if let known = folderNumbers[path] { return known }
        folders.append(Folder(path: path, folded: Self.folded(path[...])))
        folderNumbers[path] = UInt32(folders.count - 1)
        return UInt32(folders.count - 1)
    }

    /// The letters of a name in lower case; of one that is no UTF-8, those of ASCII.
    private static func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
        if name.contains(where: { $0 > 0x7F }), let text = String(validating: name, as: UTF8.self) {
            return Array(text.lowercased().utf8)
        }
        return name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }
}

/// What names are looked for.
package struct NameQuery: Codable, Hashable, Sendable {
    /// All of them have to be in the path.
    package var words: [String] = []
    /// None of them may be.
    package var not: [String] = []
    /// All of them have to be in the path of the folder.
    package var folders: [String] = []
    /// Only its length and its channels count.
    package var filter: FileFilter?
    /// Files at the most.
    package var count: Int

    package init(
        words: [String] = [], not: [String] = [], folders: [String] = [], filter: FileFilter? = nil, count: Int = 100
    ) {
        self.words = words
        self.not = not
        self.folders = folders
        self.filter = filter
        self.count = count
    }
}

/// A file that was found by its name.
package struct NamedFile: Encodable, Hashable, Sendable {
    package var path: WirePath
    package var duration: Double
    package var channels: Int

    private enum CodingKeys: String, CodingKey {
        case duration, channels
    }

    package func encode(to encoder: any Encoder) throws {
        try path.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode((duration * 1e4).rounded() / 1e4, forKey: .duration)
        try members.encode(channels, forKey: .channels)
    }
}

extension NameTable {
    /// Where the worst placed word of a query stands, the best first.
    private enum Place: Int {
        case start, word, inside, folder
    }

    /// The files whose names fit: first those that begin with a word that is looked for, then those in which one begins so,
    /// those that have it inside, and those whose folder has it; each in the order of the table.
    ///
    /// - Complexity: O(*n*) in the bytes of all names.
    /// - Returns: The first files, and how many there are.
    package func find(_ query: NameQuery) -> (files: [NamedFile], total: Int) {
        let words = query.words.map { Self.folded(Array($0.utf8)[...]) }.filter { !$0.isEmpty }
        let unwanted = query.not.map { Self.folded(Array($0.utf8)[...]) }.filter { !$0.isEmpty }
        let wantedFolders = query.folders.map { Self.folded(Array($0.utf8)[...]) }
        // What a folder says holds for all of its files.
        let folderHas = folders.map { folder in words.map { Self.place(of: $0, in: folder.folded) != nil } }
        let folderFits = folders.map { folder in
            wantedFolders.allSatisfy { Self.place(of: $0, in: folder.folded) != nil }
                && unwanted.allSatisfy { Self.place(of: $0, in: folder.folded) == nil }
        }
        var found: [[Int]] = [[], [], [], []]
        var total = 0
        unsafe names.withUnsafeBytes { names in
            for (index, row) in rows.enumerated() where folderFits[Int(row.folder)] && fits(row, query.filter) {
                let begin = Int(row.start) + Int(row.length)
                let name = unsafe UnsafeRawBufferPointer(rebasing: names[begin..<begin + Int(row.foldedLength)])
                guard unwanted.allSatisfy({ unsafe Self.offset(of: $0, in: name) == nil }),
                    let place = unsafe place(of: words, in: name, inFolder: folderHas[Int(row.folder)])
                else { continue }
                total += 1
                if found[place.rawValue].count < query.count { found[place.rawValue].append(index) }
            }
        }
        return (found.joined().prefix(query.count).map(file), total)
    }

    private func fits(_ row: Row, _ filter: FileFilter?) -> Bool {
        guard let filter else { return true }
        return Double(row.duration) >= filter.minDuration ?? 0
            && Double(row.duration) <= filter.maxDuration ?? .infinity
            && filter.channels ?? Int(row.channels) == Int(row.channels)
    }

    private func place(of words: [[UInt8]], in name: UnsafeRawBufferPointer, inFolder: [Bool]) -> Place? {
        var worst = Place.start
        for (word, isInFolder) in zip(words, inFolder) {
            let place: Place
            if let offset = unsafe Self.offset(of: word, in: name) {
                place = unsafe offset == 0 ? .start : Self.beginsWord(name, offset) ? .word : .inside
            } else if isInFolder {
                place = .folder
            } else {
                return nil
            }
            if place.rawValue > worst.rawValue { worst = place }
        }
        return worst
    }

    private static func place(of word: [UInt8], in text: [UInt8]) -> Int? {
        unsafe text.withUnsafeBytes { unsafe offset(of: word, in: $0) }
    }

    private static func offset(of word: [UInt8], in text: UnsafeRawBufferPointer) -> Int? {
        guard let first = word.first, let start = text.baseAddress else { return word.isEmpty ? 0 : nil }
        var place = 0
        while place + word.count <= text.count,
            let found = unsafe memchr(start + place, Int32(first), text.count - word.count - place + 1)
        {
            if unsafe memcmp(found, word, word.count) == 0 { return unsafe UnsafeRawPointer(found) - start }
            place = unsafe UnsafeRawPointer(found) - start + 1
        }
        return nil
    }

    /// Whether what is before a place in a name is no letter and no digit.
    private static func beginsWord(_ name: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        let before = unsafe name[offset - 1]
        return before < 0x80 && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(before)
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(before)
    }

    private func file(_ index: Int) -> NamedFile {
        let row = rows[index]
        let name = names[Int(row.start)..<Int(row.start) + Int(row.length)]
        return NamedFile(
            path: WirePath(folders[Int(row.folder)].path + [UInt8(ascii: "/")] + name), duration: Double(row.duration),
            channels: Int(row.channels))
    }
}
