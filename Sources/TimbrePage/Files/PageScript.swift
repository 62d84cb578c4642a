/// The page's script: its modules, one after the other, as one file.
///
/// A browser asks for a module when it has read what imports it, so that two dozen of them are a chain of requests. Ours are
/// written so that nothing has to be parsed to join them: an import or an export begins a line, an import ends on it, and no two
/// modules have something of the same name at the top.
enum PageScript {
    /// Each after those that it imports from.
    static let modules = [
        "words.js", "query.js", "server.js", "news.js", "drop.js", "list.js", "keys.js", "answers.js", "chips.js",
        "search.js", "favourites.js", "live.js", "loudness.js", "player.js", "sound.js", "acts.js", "shades.js",
        "points.js", "grid.js", "view.js", "lasso.js", "gestures.js", "card.js", "picture.js", "paint.js",
        "overlay.js", "sheet.js", "map.js", "atlas.js", "main.js",
    ]

    /// All modules in one.
    static var joined: [UInt8] { modules.reduce(into: []) { $0 += body(of: PageSource.bytes($1)) } }

    /// A module without the lines that import, and with what it exports as its own.
    private static func body(of module: [UInt8]) -> [UInt8] {
        let (imported, exported) = (Array("import ".utf8), Array("export ".utf8))
        var body: [UInt8] = []
        body.reserveCapacity(module.count)
        for line in module.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        where !line.starts(with: imported) {
            body += line.starts(with: exported) ? line.dropFirst(exported.count) : line
            body.append(UInt8(ascii: "\n"))
        }
        return body
    }
}
