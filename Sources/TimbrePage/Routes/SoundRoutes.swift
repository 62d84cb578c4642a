import PageServer
import SystemPackage
import TimbreWire

/// The sounds themselves: a ticket for each, and what a ticket is good for.
struct SoundRoutes: Sendable {
    private let library: Library
    private let folders: [FilePath]
    private let extractor: FilePath
    private let members: UnpackedMembers
    private let tickets = Tickets()

    /// - Parameters:
    ///   - folders: Those in which sounds may be opened.
    ///   - extractor: The program that decodes what browsers do not.
    init(library: Library, folders: [FilePath], extractor: FilePath) {
        self.library = library
        self.folders = folders
        self.extractor = extractor
        members = UnpackedMembers(extractor: extractor)
    }

    /// What the page is told of a sound that it wants to play.
    private struct Offer: Encodable {
        /// Where it is to be had.
        var url: String
        var size: UInt64
        /// Whether browsers decode it as it is.
        var decodable: Bool
        var file: FileItem
    }

    /// Offers a sound of the library.
    ///
    /// - Throws: ``SoundRefusal``, or what the library says.
    func offer(_ path: WirePath) throws -> PageResponse {
        let known = try library.ask(Info.self, path)
        guard known.file.state == .indexed else { throw SoundRefusal.notIndexed(known.file.state) }
        let sound = try PlayableSound(known, folders: folders, members: members)
        let ticket = tickets.issue(for: sound)
        return try PageAnswer.json(
            Offer(url: "/sound/\(ticket)", size: sound.size, decodable: sound.form != .foreign, file: known.file))
    }

    /// Serves what a ticket is for: the file, or bytes of it; or, if the address says from when to when, that part of the
    /// sound as a WAV file.
    func serve(_ ticket: some StringProtocol, _ head: PageHead) throws -> PageResponse {
        guard let sound = tickets.sound(ticket) else {
            return PageAnswer.trouble(404, "NoTicket", "the ticket for this sound has run out")
        }
        if let start = head.argument("from"), let end = head.argument("to") {
            guard let start = Double(start), let end = Double(end), start >= 0, end > start,
                end - start <= DecodedPart.longest
            else { return PageAnswer.trouble(400, "Malformed", "not a part of a sound") }
            let fields = [PageField("Content-Type", "audio/wav"), PageField("Accept-Ranges", "none")]
            guard head.method == "GET" else { return PageResponse(200, fields: PageAnswer.fields + fields) }
            let wave = try DecodedPart.open(sound, start..<end, members: members, extractor: extractor)
            return PageResponse(200, fields: PageAnswer.fields + fields, body: .pipe(wave))
        }
        guard case .known(let type) = sound.form else {
            return PageAnswer.trouble(415, "NotServed", "browsers do not play this format")
        }
        let file = try sound.opened(members)
        var fields = PageAnswer.fields + [PageField("Content-Type", type), PageField("Accept-Ranges", "bytes")]
        switch ByteRange(head.value(of: "Range"), size: sound.size) {
        case .whole: return PageResponse(200, fields: fields, body: .file(file, from: 0, count: sound.size))
        case .part(let start, let count):
            fields.append(PageField("Content-Range", "bytes \(start)-\(start + count - 1)/\(sound.size)"))
            return PageResponse(206, fields: fields, body: .file(file, from: start, count: count))
        case .unsatisfiable:
            return PageResponse(416, fields: fields + [PageField("Content-Range", "bytes */\(sound.size)")])
        case .malformed: return PageAnswer.trouble(400, "Malformed", "not a range of bytes")
        }
    }
}
