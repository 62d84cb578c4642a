import PageServer
import SystemPackage
import TimbreWire

/// The sounds themselves: a ticket for each, and what a ticket is good for.
struct SoundRoutes: Sendable {
    private let library: Library
    private let folders: [FilePath]
    private let tickets = Tickets()

    init(library: Library, folders: [FilePath]) {
        self.library = library
        self.folders = folders
    }

    /// What the page is told of a sound that it wants to play.
    private struct Offer: Encodable {
        /// Where it is to be had.
        var url: String
        var size: UInt64
        var file: FileItem
    }

    /// Offers a sound of the library.
    ///
    /// - Throws: ``SoundRefusal``, or what the library says.
    func offer(_ path: WirePath) throws -> PageResponse {
        let known = try library.ask(Info.self, path)
        guard known.file.state == .indexed else { throw SoundRefusal.notIndexed(known.file.state) }
        let sound = try PlayableSound(known, folders: folders)
        let ticket = tickets.issue(for: sound)
        return try PageAnswer.json(Offer(url: "/sound/\(ticket)", size: sound.size, file: known.file))
    }

    /// Serves what a ticket is for, or a part of it.
    func serve(_ ticket: some StringProtocol, range field: String?) throws -> PageResponse {
        guard let sound = tickets.sound(ticket) else {
            return PageAnswer.trouble(404, "NoTicket", "the ticket for this sound has run out")
        }
        guard case .known(let type) = sound.form else {
            return PageAnswer.trouble(415, "NotServed", "browsers do not play this format")
        }
        let file = try sound.opened()
        var fields = PageAnswer.fields + [PageField("Content-Type", type), PageField("Accept-Ranges", "bytes")]
        switch ByteRange(field, size: sound.size) {
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
