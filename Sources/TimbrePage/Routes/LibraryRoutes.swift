import PageServer
import SystemPackage
import TimbreWire
import Varlink

/// The questions to the library: those of its interface that change nothing, and those that the page itself adds.
struct LibraryRoutes: Sendable {
    private let library: Library
    private let names: KnownNames
    private let heard: HeardSounds
    private let map: MapRoute

    init(library: Library, extractor: FilePath, names: KnownNames) {
        self.library = library
        self.names = names
        heard = HeardSounds(extractor: extractor)
        map = MapRoute(library: library)
    }

    /// Bytes that the body of a request may have.
    static func mostBytes(_ path: String) -> Int { path == "/api/heard" ? HeardSounds.largest : 1 << 20 }

    /// Answers; nil if there is no such question.
    func answer(_ path: String, _ request: PageRequest) throws -> PageResponse? {
        switch path {
        case "/api/status": try PageAnswer.json(library.ask(Status.self, Nothing()))
        case "/api/random": try pass(Random.self, request)
        case "/api/info": try pass(Info.self, request)
        case "/api/explain": try pass(Explain.self, request)
        case "/api/similar":
            try PageAnswer.json(
                library.ask(
                    Similar.self,
                    JSON.decode(SimilarQuestion.self, from: request.body).parameters { heard.query($0) }))
        case "/api/path":
            try PageAnswer.json(
                library.ask(
                    FindPath.self, JSON.decode(WayQuestion.self, from: request.body).parameters { heard.query($0) }))
        case "/api/map": try map.answer(JSON.decode(MapRoute.Question.self, from: request.body))
        case "/api/find": try find(JSON.decode(NameQuery.self, from: request.body))
        case "/api/matches": try matches(JSON.decode(NameQuery.self, from: request.body))
        case "/api/numbered": try numbered(JSON.decode(Numbered.self, from: request.body))
        case "/api/files": try files(JSON.decode(Paths.self, from: request.body))
        case "/api/figures": try figures(JSON.decode(Figure.self, from: request.body))
        case "/api/heard": try hear(request)
        case "/api/picture":
            try JSON.decode(PictureQuestion.self, from: request.body).picture(library) { heard.query($0) }
        default: nil
        }
    }

    private func pass<Method: LibraryMethod>(_: Method.Type, _ request: PageRequest) throws -> PageResponse {
        try PageAnswer.json(library.ask(Method.self, JSON.decode(Method.Parameters.self, from: request.body)))
    }

    private struct Found: Encodable {
        var files: [NamedFile]
        var total: Int
        /// Whether all names have come from the daemon.
        var ready: Bool
        /// Whether the tags of all files are known; absent if nothing is asked of them.
        var complete: Bool?
    }

    /// Which files have the tags that are asked for; nil if nothing is.
    private func tagged(_ query: NameQuery) throws -> Numbers.Reply? {
        guard let filter = query.filter?.ofTags else { return nil }
        var numbers: [Int] = []
        let last = try library.ask(Numbers.self, Numbers.Parameters(filter: filter)) { numbers += $0.numbers }
        return Numbers.Reply(numbers: numbers + last.numbers, complete: last.complete)
    }

    private func find(_ query: NameQuery) throws -> PageResponse {
        guard let known = names.table() else { return try PageAnswer.json(Found(files: [], total: 0, ready: false)) }
        let tagged = try tagged(query)
        let (files, total) = known.table.find(query, among: tagged?.numbers)
        return try PageAnswer.json(
            Found(files: files, total: total, ready: known.isWhole, complete: tagged?.complete))
    }

    /// The numbers of all files whose names fit: 4 bytes each, little endian.
    private func matches(_ query: NameQuery) throws -> PageResponse {
        var bytes: [UInt8] = []
        for number in names.table()?.table.numbers(query, among: try tagged(query)?.numbers) ?? [] {
            Self.append(UInt32(truncatingIfNeeded: number), to: &bytes)
        }
        return PageAnswer.bytes(.bytes(bytes))
    }

    private struct Figure: Decodable {
        var of: SoundFigure
    }

    /// A figure of all files: the number of each, and the figure as a float, 4 bytes each, little endian. It is not a number
    /// where it is not known.
    private func figures(_ question: Figure) -> PageResponse {
        var bytes: [UInt8] = []
        for (number, value) in names.table()?.table.figures(question.of) ?? [] {
            Self.append(UInt32(truncatingIfNeeded: number), to: &bytes)
            Self.append(value.bitPattern, to: &bytes)
        }
        return PageAnswer.bytes(.bytes(bytes))
    }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private struct Numbered: Decodable {
        var numbers: [Int]
    }

    private func numbered(_ question: Numbered) throws -> PageResponse {
        let known = names.table()
        return try PageAnswer.json(
            Files(
                files: question.numbers.map { known?.table.file(numbered: $0) }, ready: known?.isWhole ?? false))
    }

    private struct Paths: Decodable {
        var paths: [WirePath]
    }

    private struct Files: Encodable {
        /// In the order of what was asked for; null for one that cannot be searched.
        var files: [NamedFile?]
        /// Whether all names have come from the daemon: until then one that is not there may be yet to come.
        var ready: Bool
    }

    private func files(_ question: Paths) throws -> PageResponse {
        let known = names.table()
        let none = [NamedFile?](repeating: nil, count: question.paths.count)
        return try PageAnswer.json(
            Files(files: known?.table.files(at: question.paths) ?? none, ready: known?.isWhole ?? false))
    }

    private struct HeardSound: Encodable {
        var heard: String
        var duration: Double
    }

    private func hear(_ request: PageRequest) throws -> PageResponse {
        // A header has no other characters than those of ASCII: the page sends the name in base64.
        let name = request.head.value(of: "X-Sound-Name").flatMap(Base64.init(text:))?.bytes ?? []
        let path = WirePath(name.isEmpty || name.contains(0) ? Array("a sound".utf8) : name)
        let (key, duration) = try heard.hear(request.body, named: path)
        return try PageAnswer.json(HeardSound(heard: key, duration: duration))
    }
}
