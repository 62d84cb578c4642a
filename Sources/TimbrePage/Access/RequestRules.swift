import PageServer

/// Which requests may come from the page itself, or from the person; all others come from elsewhere.
///
/// Any page of the web can have a browser ask 127.0.0.1, and a name of its own can lead there (DNS rebinding). What such a
/// request cannot do is to claim that it is for `127.0.0.1:PORT` and from there.
struct RequestRules: Hashable, Sendable {
    /// The server's.
    var port: UInt16

    /// Why a request is not answered; nil if it may be.
    func objection(to head: PageHead) -> Refusal? {
        guard head.version == "HTTP/1.1", head.values(of: "Transfer-Encoding").isEmpty,
            head.values(of: "Content-Length").count <= 1
        else { return .malformed }
        guard ["GET", "HEAD", "POST"].contains(head.method) else { return .method }
        guard let host = head.value(of: "Host"), hosts.contains(host.lowercased()) else { return .host }
        let origins = head.values(of: "Origin")
        guard origins.allSatisfy({ origin in hosts.contains { origin == "http://\($0)" } }) else { return .origin }
        guard head.values(of: "Sec-Fetch-Site").allSatisfy({ ["same-origin", "none"].contains($0) }) || isVisit(head)
        else { return .site }
        return nil
    }

    private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

    /// Whether a link is followed, wherever it stands: what is shown then is the same for everybody, and holds no secret.
    private func isVisit(_ head: PageHead) -> Bool {
        head.method == "GET" && head.path == "/" && head.values(of: "Sec-Fetch-Mode") == ["navigate"]
            && head.values(of: "Sec-Fetch-Dest") == ["document"]
    }

    /// Why a request is not answered.
    enum Refusal: Hashable, Sendable {
        /// HTTP of another version, or such as could be read in two ways.
        case malformed
        case method
        /// It is for another server.
        case host
        /// It comes from another site's page.
        case origin, site

        var status: Int {
            switch self {
            case .malformed: 400
            case .method: 405
            case .host: 421
            case .origin, .site: 403
            }
        }

        /// A line to show.
        var reason: String {
            switch self {
            case .malformed: "not a request as browsers make them"
            case .method: "only GET, HEAD and POST are answered"
            case .host: "this server answers for 127.0.0.1 and localhost alone"
            case .origin, .site: "the request comes from another site"
            }
        }
    }
}
