import Favourites
import PageServer
import Platform
import SystemPackage
import TestFiles
import Testing

@testable import TimbrePage

struct FavouriteRoutesTests {
    private let folder: TemporaryFolder
    private let favourites: Favourites
    private let routes: FavouriteRoutes

    init() throws {
        folder = try TemporaryFolder()
        favourites = try #require(Favourites(stateHome: folder.path, home: nil))
        routes = FavouriteRoutes(favourites)
    }

    private func ask(_ routes: FavouriteRoutes, _ path: String, _ body: String = "{}") throws -> (Int, String) {
        let request = PageRequest(head: PageHead(method: "POST", path: path), body: Array(body.utf8))
        let response = try #require(try routes.answer(path, request))
        guard case .bytes(let bytes) = response.body else { return (response.status, "") }
        return (response.status, String(decoding: bytes, as: UTF8.self))
    }

    @Test func marksAreThePlaylistsLines() throws {
        #expect(try ask(routes, "/api/favourites") == (200, #"{"paths":[],"possible":true}"#))
        #expect(
            try ask(routes, "/api/mark", #"{"paths":[{"path":"/s/a\n.wav"}],"marked":true}"#)
                == (200, #"{"paths":[{"path":"/s/a\n.wav"}],"possible":true}"#))
        #expect(try favourites.paths() == [FilePath(bytes: Array("/s/a\n.wav".utf8))])
        try favourites.add(["/s/b"])
        #expect(try ask(routes, "/api/mark", #"{"paths":[{"path":"/s/a\n.wav"}],"marked":false}"#).1.contains("/s/b"))
        #expect(try favourites.paths() == ["/s/b"])
    }

    @Test func manyAreMarkedAtOnceOrNone() throws {
        let some = #"{"paths":[{"path":"/s/a"},{"path":"/s/b"},{"path":"/s/a"}],"marked":true}"#
        #expect(try ask(routes, "/api/mark", some).0 == 200)
        #expect(try favourites.paths() == ["/s/a", "/s/b"])
        #expect(try ask(routes, "/api/mark", #"{"paths":[{"path":"/s/c"},{"path":"d"}],"marked":true}"#).0 == 400)
        #expect(try favourites.paths() == ["/s/a", "/s/b"])
        #expect(try ask(routes, "/api/mark", #"{"paths":[],"marked":false}"#).0 == 200)
        #expect(try ask(routes, "/api/mark", some.replacing("true", with: "false")).0 == 200)
        #expect(try favourites.paths() == [])
    }

    @Test func othersChangesAreNoticedOnce() throws {
        #expect(!routes.haveChanged())
        try favourites.add(["/s/b"])
        #expect(routes.haveChanged() && !routes.haveChanged())
        try favourites.remove(["/s/b"])
        #expect(routes.haveChanged())
    }

    @Test func whatIsNoPathIsNotMarked() throws {
        #expect(try ask(routes, "/api/mark", #"{"paths":[{"path":"a.wav"}],"marked":true}"#).0 == 400)
        for body in [
            #"{"paths":[{"path":"/a"}]}"#, #"{"marked":true}"#, #"{"paths":[{"path":""}],"marked":true}"#, "[]",
            #"{"path":"/a","marked":true}"#,
        ] {
            #expect(throws: DecodingError.self) { try ask(routes, "/api/mark", body) }
        }
        #expect(try favourites.paths() == [])
    }

    @Test func withoutAPlaceItIsSaidSo() throws {
        let none = FavouriteRoutes(nil)
        #expect(try ask(none, "/api/favourites") == (200, #"{"paths":[],"possible":false}"#))
        #expect(try ask(none, "/api/mark", #"{"paths":[{"path":"/a"}],"marked":true}"#).0 == 409)
        #expect(!none.haveChanged())
    }

    @Test func aPlaylistThatCannotBeWrittenIsNamed() throws {
        // In the place of the folder there is a file.
        _ = try folder.write("x", to: "timbrectl")
        let answer = try ask(routes, "/api/mark", #"{"paths":[{"path":"/a"}],"marked":true}"#)
        #expect(answer.0 == 409 && answer.1.contains("favourites.m3u"))
    }
}
