/// A text in a table, as it is printed.
struct TableCell {
    /// With escape sequences for colours, if there are any.
    let shown: String
    /// Columns that it takes.
    let count: Int

    init(_ text: String) { (shown, count) = (text, text.count) }

    /// A path, cut on the left to the room that there is, but not in the file's name.
    ///
    /// - Parameters:
    ///   - room: In columns; nil if there is enough.
    ///   - home: The folder from which it is told apart by colours; nil for no colours.
    init(path: String, room: Int?, home: String?) {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let name = path[folder.endIndex...]
        // One column is for the ellipsis.
        let kept = room.map { path.count <= $0 ? folder.count : max(0, $0 - 1 - name.count) } ?? folder.count
        let isCut = kept < folder.count
        count = (isCut ? 1 : 0) + kept + name.count
        let shownFolder = folder.suffix(kept)
        guard let home else {
            shown = (isCut ? "…" : "") + shownFolder + name
            return
        }
        let (same, other) = Self.split(folder, home: home)
        let sameShown = same.suffix(max(0, kept - other.count))
        shown =
            Self.dim((isCut ? "…" : "") + sameShown) + Self.standOut(String(other.suffix(kept))) + name
    }

    /// What a folder, which ends with a slash, has in common with another from the left, in whole names, and the rest.
    private static func split(_ folder: Substring, home: String) -> (same: Substring, other: Substring) {
        var same = folder.startIndex
        var (place, own) = (folder.startIndex, home.startIndex)
        while place < folder.endIndex {
            let isEnd = own == home.endIndex
            guard isEnd ? folder[place] == "/" : folder[place] == home[own] else { break }
            place = folder.index(after: place)
            if folder[folder.index(before: place)] == "/" { same = place }
            if isEnd { break }
            own = home.index(after: own)
        }
        return (folder[..<same], folder[same...])
    }

    private static func dim(_ text: String) -> String { text.isEmpty ? "" : "\u{1B}[2m\(text)\u{1B}[22m" }
    private static func standOut(_ text: String) -> String { text.isEmpty ? "" : "\u{1B}[36m\(text)\u{1B}[39m" }
}
