import PageServer
import SoundFeatures
import TimbreExtraction
import TimbreWire
import Varlink

/// Answers in the forms that the page understands.
enum PageAnswer {
    /// What all answers have: nothing is loaded from elsewhere, shown elsewhere, guessed or kept.
    static let fields: [PageField] = [
        PageField(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
                + "img-src 'self' blob: data:; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; require-trusted-types-for 'script'"),
        PageField("X-Content-Type-Options", "nosniff"),
        PageField("Referrer-Policy", "no-referrer"),
        PageField("Cross-Origin-Resource-Policy", "same-origin"),
        PageField("Cross-Origin-Opener-Policy", "same-origin"),
        PageField("Permissions-Policy", "microphone=(self)"),
        PageField("Cache-Control", "no-store"),
    ]

    static func json(_ value: some Encodable, status: Int = 200) throws -> PageResponse {
        PageResponse(
            status, fields: fields + [PageField("Content-Type", "application/json")],
            body: .bytes(try JSON.encode(value)))
    }

    /// Bytes that only the page knows how to read.
    static func bytes(_ body: PageResponse.Body) -> PageResponse {
        PageResponse(
            200, fields: fields + [PageField("Content-Type", "application/octet-stream")], body: body)
    }

    /// What went wrong: a name for the page, and a line for the person.
    private struct Trouble: Encodable {
        var error: String
        var reason: String
    }

    static func trouble(_ status: Int, _ error: String, _ reason: String) -> PageResponse {
        do { return try json(Trouble(error: error, reason: reason), status: status) } catch {
            return PageResponse(status, fields: fields)
        }
    }

    /// Puts an error in words.
    static func trouble(_ error: any Error) -> PageResponse {
        switch error {
        case let error as LibraryError: trouble(error)
        case let error as SoundRefusal: trouble(error.status, "NotServed", error.reason)
        case let error as ExtractionFailure: trouble(422, "NotAudio", error.detail)
        case let error as SocketError: trouble(503, "NoDaemon", "timbred does not answer: \(error.explanation)")
        case is PageNews.Full:
            trouble(503, "TooManyPages", "the page is open in too many windows: close one")
        case is ConversationError: trouble(503, "NoDaemon", "timbred has hung up")
        case is DecodingError: trouble(400, "Malformed", "the server does not understand the page: reload it")
        default: trouble(500, "Internal", "\(error)")
        }
    }

    private static func trouble(_ error: LibraryError) -> PageResponse {
        let name = error.name.split(separator: ".").last.map(String.init) ?? error.name
        switch error {
        case .notIndexed(let path, _, let reason): return trouble(404, name, "\(path.shown): \(reason)")
        case .notAudio(let path, let reason): return trouble(422, name, "\(path.shown): \(reason)")
        case .notWatched(let path): return trouble(404, name, "\(path.shown): not in a watched folder")
        case .emptyQuery(let reason), .metricUnavailable(let reason): return trouble(422, name, reason)
        case .busy(let reason): return trouble(503, name, reason)
        case .stopping: return trouble(503, "NoDaemon", "timbred is stopping")
        case .varlink(.invalidParameter(let parameter)):
            return trouble(422, name, "timbred does not accept the value of \(parameter)")
        case .varlink(.permissionDenied): return trouble(403, name, "timbred does not permit it")
        default: return trouble(500, name, "\(error)")
        }
    }
}
