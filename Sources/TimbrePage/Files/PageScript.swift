/// The page's script: its modules, one after the other, as one file.
///
/// A browser asks for a module when it has read what imports it, so that two dozen of them are a chain of requests. Ours are
/// written so that nothing has to be parsed to join them: an import or an export begins a line, an import ends on it, and no two
/// modules have something of the same name at the top.
enum PageScript {
    /// Each after those that it imports from.
    static let modules: KeyValuePairs<String, [UInt8]> = [
        "words.js": PackageResources.words_js,
        "query.js": PackageResources.query_js,
        "server.js": PackageResources.server_js,
        "news.js": PackageResources.news_js,
        "drop.js": PackageResources.drop_js,
        "list.js": PackageResources.list_js,
        "keys.js": PackageResources.keys_js,
        "answers.js": PackageResources.answers_js,
        "chips.js": PackageResources.chips_js,
        "search.js": PackageResources.search_js,
        "favourites.js": PackageResources.favourites_js,
        "live.js": PackageResources.live_js,
        "loudness.js": PackageResources.loudness_js,
        "player.js": PackageResources.player_js,
        "sound.js": PackageResources.sound_js,
        "acts.js": PackageResources.acts_js,
        "shades.js": PackageResources.shades_js,
        "points.js": PackageResources.points_js,
        "grid.js": PackageResources.grid_js,
        "view.js": PackageResources.view_js,
        "lasso.js": PackageResources.lasso_js,
        "gestures.js": PackageResources.gestures_js,
        "card.js": PackageResources.card_js,
        "picture.js": PackageResources.picture_js,
        "paint.js": PackageResources.paint_js,
        "overlay.js": PackageResources.overlay_js,
        "sheet.js": PackageResources.sheet_js,
        "map.js": PackageResources.map_js,
        "atlas.js": PackageResources.atlas_js,
        "main.js": PackageResources.main_js,
    ]

    /// All modules in one.
    static var joined: [UInt8] { modules.reduce(into: []) { $0 += body(of: $1.value) } }

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
