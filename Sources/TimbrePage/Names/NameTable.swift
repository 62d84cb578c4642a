import Glibc
import TimbreWire

/// The names of the sounds that can be searched, for looking among them while somebody types.
///
/// A file takes some 45 bytes beside its name, which is kept a second time only if it has capitals, and a folder's path is
/// kept once: 100 000 files of a sample library take 7 to 10 MB.
package struct NameTable: Sendable {
    private struct Folder {
        var path: [UInt8]
        var folded: [UInt8]
    }

    private var folders: [Folder] = []
    private var folderNumbers: [[UInt8]: UInt32] = [:]
    private var rows: [NameRow] = []
    private var names: [UInt8] = []
    /// Empty until ``finish()``.
    private var order = RowsByNumber()

    package init() {}

    /// Files that can be searched, or may be again.
    package var count: Int { rows.count - goneCount }
    private var goneCount = 0

    /// Adds a file of the library's listing, if it can be searched or may be again. Files of a folder come one after the
    /// other, in the order of their bytes.
    package mutating func append(_ file: FileItem) {
        if let row = NameRow(file) { append(row, at: file.path.bytes) }
    }

    /// Adds a row, unless its name is too long for any file system.
    private mutating func append(_ row: NameRow, at path: [UInt8]) {
        let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        let name = path[(slash + 1)...]
        let folded = NameWord.folded(name)
        guard let length = UInt16(exactly: name.count), let foldedLength = UInt16(exactly: folded.count),
            let start = UInt32(exactly: names.count)
        else { return }
        var row = row
        row.folder = number(of: Array(path[..<slash]))
        (row.start, row.length, row.foldedLength) = (start, length, foldedLength)
        row.isFolded = folded.elementsEqual(name)
        rows.append(row)
        names += name
        if !row.isFolded { names += folded }
    }

    /// Ends the listing: from now on files can be found by their numbers.
    package mutating func finish() {
        folderNumbers = [:]
        order = RowsByNumber(rows.map(\.number))
    }

    private mutating func number(of path: [UInt8]) -> UInt32 {
        if let last = folders.indices.last, folders[last].path == path { return UInt32(last) }
        if let known = folderNumbers[path] { return known }
        folders.append(Folder(path: path, folded: NameWord.folded(path[...])))
        folderNumbers[path] = UInt32(folders.count - 1)
        return UInt32(folders.count - 1)
    }
}

// What happens to files after the listing.
extension NameTable {
    private func row(of number: Int) -> Int? {
        guard number >= 0, let row = order[Int64(number)], rows[row].presence != .gone else { return nil }
        return row
    }

    /// Takes a file in, in the place of the one that had its number.
    ///
    /// - Returns: Whether the number is a new one.
    @discardableResult package mutating func insert(_ file: FileItem) -> Bool {
        guard let number = file.id else { return false }
        let isKnown = row(of: number) != nil
        remove(number)
        let before = rows.count
        append(file)
        guard rows.count > before else { return false }
        order.set(before, for: Int64(number))
        return !isKnown
    }

    package mutating func remove(_ number: Int) {
        guard let row = row(of: number) else { return }
        rows[row].presence = .gone
        goneCount += 1
        if goneCount > Self.mostGone, goneCount > rows.count / 2 { tidy() }
    }

    /// Rows of files that are gone, up to which they are left where they are.
    private static let mostGone = 10_000

    private mutating func tidy() {
        var table = NameTable()
        for (index, row) in rows.enumerated() where row.presence != .gone {
            table.append(row, at: file(index).path.bytes)
        }
        table.finish()
        self = table
    }

    /// Leaves a file out until it can be searched again, as it was.
    package mutating func hide(_ number: Int, _ isHidden: Bool = true) {
        guard let row = row(of: number) else { return }
        rows[row].presence = isHidden ? .hidden : .shown
    }

    /// Notes that a file has another path.
    package mutating func rename(_ number: Int, to path: WirePath) {
        guard let row = row(of: number) else { return }
        let renamed = rows[row]
        remove(number)
        let before = rows.count
        append(renamed, at: path.bytes)
        if rows.count > before { order.set(before, for: Int64(number)) }
    }

    /// Notes that a directory has another path, with all that is below it.
    package mutating func renameFolder(_ before: WirePath, to path: WirePath) {
        for index in folders.indices {
            let below = folders[index].path.dropFirst(before.bytes.count)
            guard folders[index].path.starts(with: before.bytes), below.isEmpty || below.first == UInt8(ascii: "/")
            else { continue }
            let renamed = path.bytes + below
            folders[index] = Folder(path: renamed, folded: NameWord.folded(renamed[...]))
        }
        folderNumbers = [:]
    }

    /// The file of a number; nil if there is none that can be searched.
    package func file(numbered number: Int) -> NamedFile? {
        row(of: number).flatMap { rows[$0].presence == .shown ? file($0) : nil }
    }

    /// The files of some paths; nil for each that cannot be searched.
    ///
    /// - Complexity: O(*n*) in the files of the library.
    package func files(at paths: [WirePath]) -> [NamedFile?] {
        var wanted: [[UInt8]: [[UInt8]: [Int]]] = [:]
        for (place, path) in paths.enumerated() {
            let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
            wanted[Array(path.bytes[..<slash]), default: [:]][Array(path.bytes[slash...].dropFirst()), default: []]
                .append(place)
        }
        let inFolder = folders.map { wanted[$0.path] }
        var found = [NamedFile?](repeating: nil, count: paths.count)
        for (index, row) in rows.enumerated() where row.presence == .shown {
            guard let names = inFolder[Int(row.folder)] else { continue }
            let name = self.names[Int(row.start)..<Int(row.start) + Int(row.length)]
            for place in names[Array(name)] ?? [] { found[place] = file(index) }
        }
        return found
    }
}

extension NameTable {
    /// The files whose names fit: first those that begin with a word that is looked for, then those in which one begins so,
    /// those that have it inside, and those whose folder has it; each in the order of the table.
    ///
    /// - Parameter numbers: Those of the files among which they must be, beside those that the query names; nil if they may
    ///   be any.
    /// - Complexity: O(*n*) in the bytes of all names.
    /// - Returns: The first files, and how many there are.
    package func find(_ query: NameQuery, among numbers: [Int]? = nil) -> (files: [NamedFile], total: Int) {
        var found: [[Int]] = [[], [], [], []]
        var total = 0
        forEachMatch(query, among: numbers) { index, place in
            total += 1
            if found[place.rawValue].count < query.count { found[place.rawValue].append(index) }
        }
        return (found.joined().prefix(query.count).map(file), total)
    }

    /// The numbers of all files whose names fit, in no order.
    package func numbers(_ query: NameQuery, among some: [Int]? = nil) -> [Int] {
        var numbers: [Int] = []
        forEachMatch(query, among: some) { index, _ in numbers.append(Int(rows[index].number)) }
        return numbers
    }

    /// A figure of all files that can be searched, by their numbers; in no order.
    package func figures(_ figure: SoundFigure, now: Int = time(nil)) -> [(number: Int, value: Float)] {
        rows.lazy.filter { $0.presence == .shown }.map { (Int($0.number), $0.value(of: figure, now: now)) }
    }

    /// Of each row, whether its file has one of some numbers.
    private func areAmong(_ numbers: [Int]) -> [Bool] {
        var areAmong = [Bool](repeating: false, count: rows.count)
        for number in numbers { if let row = order[Int64(number)] { areAmong[row] = true } }
        return areAmong
    }

    private func forEachMatch(
        _ query: NameQuery, among numbers: [Int]?, _ body: (_ row: Int, _ place: NameWord.Place) -> Void
    ) {
        let areAmong = [numbers, query.among].compactMap(\.self).map(areAmong)
        let words = query.words.compactMap(NameWord.init)
        let unwanted = query.not.compactMap(NameWord.init)
        let wantedFolders = query.folders.compactMap(NameWord.init)
        // What a folder says holds for all of its files.
        let folderHas = folders.map { folder in words.map { $0.isIn(folder.folded) } }
        let folderFits = folders.map { folder in
            wantedFolders.allSatisfy { $0.isIn(folder.folded) } && !unwanted.contains { $0.isIn(folder.folded) }
        }
        unsafe names.withUnsafeBytes { names in
            for (index, row) in rows.enumerated()
            where row.presence == .shown && folderFits[Int(row.folder)] && row.fits(query.filter)
                && areAmong.allSatisfy({ $0[index] })
            {
                let begin = row.foldedStart
                let name = unsafe UnsafeRawBufferPointer(rebasing: names[begin..<begin + Int(row.foldedLength)])
                guard unwanted.allSatisfy({ unsafe $0.offset(in: name) == nil }),
                    let place = unsafe place(of: words, in: name, inFolder: folderHas[Int(row.folder)])
                else { continue }
                body(index, place)
            }
        }
    }

    private func place(of words: [NameWord], in name: UnsafeRawBufferPointer, inFolder: [Bool]) -> NameWord.Place? {
        var worst = NameWord.Place.start
        for (word, isInFolder) in zip(words, inFolder) {
            guard let place = unsafe word.place(in: name) ?? (isInFolder ? .folder : nil) else { return nil }
            if place.rawValue > worst.rawValue { worst = place }
        }
        return worst
    }

    private func file(_ index: Int) -> NamedFile {
        let row = rows[index]
        let name = names[Int(row.start)..<Int(row.start) + Int(row.length)]
        return NamedFile(
            number: row.number < 0 ? nil : Int(row.number),
            path: WirePath(folders[Int(row.folder)].path + [UInt8(ascii: "/")] + name), duration: Double(row.duration),
            channels: Int(row.channels))
    }
}
