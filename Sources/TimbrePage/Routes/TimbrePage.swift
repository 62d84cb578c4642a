import Favourites
import PageServer
import SystemPackage
import TimbreWire
import Varlink

/// The page and what it asks: who may ask, and where each question goes.
///
/// Nothing that is asked changes the library, or the disk but for the playlist of favourites.
package struct TimbrePage: PageResponder {
    private let rules: RequestRules
    private let key: Key
    private let entry: EntryCode
    private let questions: LibraryRoutes
    private let sounds: SoundRoutes
    private let marks: FavouriteRoutes
    private let news: PageNews

    /// - Parameters:
    ///   - folders: Those in which sounds may be opened.
    ///   - extractor: The program that listens to what is dropped.
    ///   - favourites: Nil if the person has no place for them.
    /// - Throws: `Errno` if there is no descriptor or thread to follow the library with.
    package init(
        port: UInt16, key: Key, entry: EntryCode, library: Library, folders: [FilePath], extractor: FilePath,
        favourites: Favourites? = nil
    ) throws(Errno) {
        rules = RequestRules(port: port)
        self.key = key
        self.entry = entry
        let marks = FavouriteRoutes(favourites)
        self.marks = marks
        news = try PageNews(marksHaveChanged: { marks.haveChanged() })
        questions = LibraryRoutes(
            library: library, extractor: extractor, names: try KnownNames(library: library, news: news))
        sounds = SoundRoutes(library: library, folders: folders, extractor: extractor)
    }

    package func review(_ head: PageHead) -> PageReview {
        if let refusal = rules.objection(to: head) {
            return .refuse(PageAnswer.trouble(refusal.status, "Refused", refusal.reason))
        }
        guard head.path.hasPrefix("/api/") else {
            return head.method == "POST"
                ? .refuse(PageAnswer.trouble(405, "Refused", "nothing is to be sent here")) : .read(upTo: 0)
        }
        guard head.method == "POST" else {
            return .refuse(PageAnswer.trouble(405, "Refused", "questions are to be sent by POST"))
        }
        guard head.path == Self.entryPath || key.admits(head.value(of: "Authorization")) else {
            return .refuse(PageAnswer.trouble(401, "NoKey", "the key is missing, or that of another run"))
        }
        return .read(upTo: head.path == Self.entryPath ? 1024 : LibraryRoutes.mostBytes(head.path))
    }

    private static let entryPath = "/api/enter"

    package func answer(_ request: PageRequest) -> PageResponse {
        do {
            return try reply(to: request) ?? PageAnswer.trouble(404, "NoPage", "there is nothing of this name")
        } catch { return PageAnswer.trouble(error) }
    }

    private func reply(to request: PageRequest) throws -> PageResponse? {
        let path = request.head.path
        switch path {
        case Self.entryPath: return try enter(JSON.decode(Entry.self, from: request.body))
        case "/api/sound": return try sounds.offer(JSON.decode(WirePath.self, from: request.body))
        case "/api/news": return PageAnswer.bytes(.pipe(try news.open()))
        case let path where path.hasPrefix("/api/"):
            return try marks.answer(path, request) ?? questions.answer(path, request)
        case let path where path.hasPrefix("/sound/"):
            return try sounds.serve(path.dropFirst(7), request.head)
        default: return PageFiles.response(path, accepting: request.head.value(of: "Accept-Encoding"))
        }
    }

    private struct Entry: Decodable {
        var code: String
    }

    private struct Admission: Encodable {
        var key: String
    }

    private func enter(_ entry: Entry) throws -> PageResponse {
        guard self.entry.redeem(entry.code) else {
            return PageAnswer.trouble(403, "NoKey", "this way in has been used, or half a minute has passed")
        }
        return try PageAnswer.json(Admission(key: key.text))
    }
}
