import Testing

@testable import TimbrePage

struct PageFilesTests {
    static let scripts = [
        "main.js": PackageResources.main_js,
        "answers.js": PackageResources.answers_js,
        "atlas.js": PackageResources.atlas_js,
        "drop.js": PackageResources.drop_js,
        "favourites.js": PackageResources.favourites_js,
        "keys.js": PackageResources.keys_js,
        "list.js": PackageResources.list_js,
        "live.js": PackageResources.live_js,
        "map.js": PackageResources.map_js,
        "news.js": PackageResources.news_js,
        "overlay.js": PackageResources.overlay_js,
        "paint.js": PackageResources.paint_js,
        "player.js": PackageResources.player_js,
        "points.js": PackageResources.points_js,
        "query.js": PackageResources.query_js,
        "server.js": PackageResources.server_js,
        "sound.js": PackageResources.sound_js,
        "words.js": PackageResources.words_js,
    ].mapValues { String(decoding: $0, as: UTF8.self) }

    /// What would make text from outside a part of the page.
    static let forbidden = [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser",
        "createContextualFragment", "javascript:", "srcdoc",
    ]

    @Test("No name can become a part of the page", arguments: scripts.keys.sorted())
    func safe(script: String) throws {
        let text = try #require(Self.scripts[script])
        for word in Self.forbidden { #expect(!text.contains(word), "\(word)") }
    }

    @Test func thePageHasNoScriptAndNoStyleInside() {
        let page = String(decoding: PackageResources.index_html, as: UTF8.self)
        #expect(!page.contains("<style") && !page.contains(" style=") && !page.contains("<script>"))
        #expect(page.firstMatch(of: /\son[a-z]+=/) == nil)
    }

    @Test func allThatThePageNamesIsThere() {
        let page = String(decoding: PackageResources.index_html, as: UTF8.self)
        var names = page.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.1) }
        for text in Self.scripts.values {
            names += text.matches(of: /(?:from |import\()"\.\/([^"]+)"/).map { String($0.1) }
        }
        #expect(names.count > 8)
        for name in names { #expect(PageFiles.response("/\(name)") != nil, "\(name)") }
        #expect(PageFiles.response("/") != nil && PageFiles.response("/nothing") == nil)
    }

    @Test func nothingComesFromElsewhere() {
        let texts =
            Array(Self.scripts.values)
            + [PackageResources.index_html, PackageResources.style_css].map { String(decoding: $0, as: UTF8.self) }
        for text in texts { #expect(!text.contains("http://") && !text.contains("https://")) }
    }
}
