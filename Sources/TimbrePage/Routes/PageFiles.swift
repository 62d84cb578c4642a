import PageServer

/// The files of the page, which are part of the program and the same for everybody.
enum PageFiles {
    private static let files: [String: (type: String, bytes: [UInt8])] = [
        "/": ("text/html; charset=utf-8", PackageResources.index_html),
        "/style.css": ("text/css; charset=utf-8", PackageResources.style_css),
        "/main.js": (script, PackageResources.main_js),
        "/answers.js": (script, PackageResources.answers_js),
        "/atlas.js": (script, PackageResources.atlas_js),
        "/drop.js": (script, PackageResources.drop_js),
        "/favourites.js": (script, PackageResources.favourites_js),
        "/keys.js": (script, PackageResources.keys_js),
        "/list.js": (script, PackageResources.list_js),
        "/live.js": (script, PackageResources.live_js),
        "/map.js": (script, PackageResources.map_js),
        "/news.js": (script, PackageResources.news_js),
        "/overlay.js": (script, PackageResources.overlay_js),
        "/paint.js": (script, PackageResources.paint_js),
        "/player.js": (script, PackageResources.player_js),
        "/points.js": (script, PackageResources.points_js),
        "/query.js": (script, PackageResources.query_js),
        "/server.js": (script, PackageResources.server_js),
        "/sound.js": (script, PackageResources.sound_js),
        "/words.js": (script, PackageResources.words_js),
        "/icon.svg": ("image/svg+xml", PackageResources.icon_svg),
    ]

    private static let script = "text/javascript; charset=utf-8"

    /// The file of a path; nil if there is none.
    static func response(_ path: String) -> PageResponse? {
        guard let file = files[path] else { return nil }
        return PageResponse(
            200, fields: PageAnswer.fields + [PageField("Content-Type", file.type)], body: .bytes(file.bytes))
    }
}
