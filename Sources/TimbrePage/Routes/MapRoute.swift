import PageServer
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// The map of the library, passed on to the page as it comes from the daemon.
///
/// The answer is a sequence of parts. Each begins with the length of its head in 4 bytes, little endian; then come the head, a
/// JSON object, and the points that it counts, ``Map/stride`` bytes each.
struct MapRoute: Sendable {
    let library: Library

    struct Question: Decodable {
        /// The version that the page has: it is told what has changed since.
        var since: String?
    }

    /// What is said of a part beside its points.
    private struct Head: Encodable {
        var state: Map.State
        var progress: Double?
        var version: String
        var whole: Bool
        /// How many sounds the map was learnt from.
        var sounds: Int?
        /// Folders that come up for the first time.
        var folders: [WirePath]
        var gone: [Int]
        var count: Int

        init(_ reply: Map.Reply) {
            (state, progress, version, whole) = (reply.state, reply.progress, reply.version, reply.whole)
            (sounds, folders, gone) = (reply.sounds, reply.folders, reply.gone)
            count = reply.points.bytes.count / Map.stride
        }
    }

    private static func part(_ reply: Map.Reply) throws -> [UInt8] {
        let head = try JSON.encode(Head(reply))
        let length = UInt32(head.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + head + reply.points.bytes
    }

    /// Answers as soon as the first part is there.
    func answer(_ question: Question) throws -> PageResponse {
        let (channel, served) = try PageChannel.make()
        let begun = Promise<Void, any Error>()
        try DetachedThread.start { [library] in
            do {
                let last = try library.ask(Map.self, Map.Parameters(since: question.since)) { reply in
                    let part = try Self.part(reply)
                    begun.fulfil(.success(()))
                    try channel.send(part)
                }
                let part = try Self.part(last)
                begun.fulfil(.success(()))
                try channel.send(part)
            } catch {
                // Once it has begun, nobody can be told: the page sees an answer that ends too early.
                begun.fulfil(.failure(error))
            }
        }
        try begun.wait()
        return PageAnswer.bytes(.pipe(served))
    }
}
