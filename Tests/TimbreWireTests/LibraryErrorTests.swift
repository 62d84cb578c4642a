import TestLibrary
import Testing
import TimbreWire
import Varlink

struct LibraryErrorTests {
    static let path = WirePath([0x2F, 0x80])
    static let all: [LibraryError] = [
        .varlink(.interfaceNotFound(interface: "a")), .varlink(.methodNotFound(method: "a")),
        .varlink(.methodNotImplemented(method: "a")), .varlink(.invalidParameter("a")), .varlink(.permissionDenied),
        .varlink(.expectedMore),
        .notIndexed(path, state: .failed, reason: "a"), .notIndexed(path, state: nil, reason: "a"),
        .notAudio(path, reason: "a"), .notWatched(path), .notAFolder(path, reason: "a"), .inConfiguration(path),
        .busy(reason: "a"), .noSuchModel("a"), .invalidModel(reason: "a"), .emptyQuery(reason: "a"),
        .notEverywhere(reason: "a"), .nothingToEvaluate(reason: "a"), .invalidConfiguration(reason: "a"),
        .storageFull(reason: "a"), .stopping, .invalidBackup(reason: "a"), .notWritten(reason: "a"),
        .cannotRebase(path, reason: "a"),
        .internal(reason: "a"),
        .other(name: "org.example.Odd"),
    ]

    @Test("Reaches the client as it was thrown", arguments: all)
    func roundTrip(error: LibraryError) throws {
        try withServer(FakeLibrary(failure: error)) { path in
            var client = try VarlinkClient(connectingTo: path)
            do {
                _ = try client.call(Status.self, Nothing())
                Issue.record("no error came")
            } catch let received as LibraryError {
                #expect(received == error)
            }
        }
    }
}
