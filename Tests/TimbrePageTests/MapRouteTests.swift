import PageServer
import Platform
import SystemPackage
import TestLibrary
import TestServer
import Testing
import TimbreWire
import Varlink

@testable import TimbrePage

/// The map as the page reads it.
@Suite(.timeLimit(.minutes(10)))
struct MapRouteTests {
    private struct Head: Decodable, Equatable {
        var state: String
        var version: String
        var whole: Bool
        var folders: [WirePath]
        var gone: [Int]
        var count: Int
    }

    /// The parts of an answer.
    private func parts(_ bytes: [UInt8]) throws -> [(head: Head, points: [UInt8])] {
        var (rest, parts) = (bytes[...], [(Head, [UInt8])]())
        while !rest.isEmpty {
            let length = rest.prefix(4).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
            let head = try JSON.decode(Head.self, from: Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
            parts.append((head, Array(rest.prefix(16 * head.count))))
            rest = rest.dropFirst(16 * head.count)
        }
        return parts
    }

    @Test func itComesAsTheDaemonTellsIt() throws {
        try withServer(FakeLibrary()) { socket in
            let response = try MapRoute(library: Library(socket: socket)).answer(MapRoute.Question(since: nil))
            guard case .pipe(let served) = response.body else {
                Issue.record("not a pipe")
                return
            }
            let parts = try parts(try served.descriptor.readToEnd())
            #expect(parts.map(\.points) == FakeLibrary.maps.map(\.points.bytes))
            #expect(
                parts.map(\.head) == [
                    Head(
                        state: "ready", version: "1-2", whole: true, folders: [WirePath("/s".utf8)], gone: [], count: 1),
                    Head(state: "ready", version: "1-2", whole: true, folders: [], gone: [], count: 1),
                ])
        }
    }

    @Test func whatGoesWrongBeforeTheFirstPartIsThrown() throws {
        #expect(throws: SocketError.self) {
            try MapRoute(library: Library(socket: "/nowhere.sock")).answer(MapRoute.Question(since: nil))
        }
        try withServer(FakeLibrary(failure: LibraryError.busy(reason: "busy"))) { socket in
            #expect(throws: LibraryError.busy(reason: "busy")) {
                try MapRoute(library: Library(socket: socket)).answer(MapRoute.Question(since: "1-1"))
            }
        }
    }

    @Test func aPageThatLeavesKeepsNobodyWaiting() throws {
        try withServer(FakeLibrary()) { socket in
            for _ in 0..<50 {
                // Nothing of the answer is read.
                _ = try MapRoute(library: Library(socket: socket)).answer(MapRoute.Question(since: nil))
            }
        }
    }
}
