import SystemPackage
import Testing
import TimbreWire
import Varlink

@testable import CommandOutput

struct FailureTests {
    static let path = WirePath("/s/a\nb".utf8)
    static let codes: [(LibraryError, Failure.Code)] = [
        (.varlink(.permissionDenied), .notPermitted), (.notAudio(path, reason: "x"), .notAudio),
        (.emptyQuery(reason: "x"), .notAudio), (.invalidModel(reason: "x"), .notAudio),
        (.notIndexed(path, state: nil, reason: "x"), .noSuchFile),
        (.notIndexed(path, state: .failed, reason: "x"), .notAudio), (.notWatched(path), .noSuchFile),
        (.noSuchModel("9"), .noSuchFile), (.notAFolder(path, reason: "x"), .noSuchFile),
        (.inConfiguration(path), .usage), (.invalidParameter("count"), .usage),
        (.internal(reason: "x"), .internalError), (.storageFull(reason: "x"), .internalError),
        (.invalidBackup(reason: "x"), .notAudio), (.notWritten(reason: "x"), .internalError),
        (.cannotRebase(path, reason: "x"), .usage),
        (.busy(reason: "x"), .noDaemon), (.varlink(.methodNotFound(method: "x")), .internalError),
        (.stopping, .noDaemon), (.nothingToEvaluate(reason: "x"), .noMatch),
    ]

    @Test("Each error has its exit code, and one line", arguments: codes)
    func library(error: LibraryError, code: Failure.Code) {
        let failure = Failure(error, what: "similar")
        #expect(failure.code == code)
        #expect(failure.line?.hasPrefix("timbrectl: ") == true)
        #expect(failure.line?.contains("\n") == false)
    }

    @Test func whatCannotBeReachedIsToldApart() {
        let socket: FilePath = "/run/x.sock"
        #expect(Failure(SocketError(path: socket, reason: .nobody)).code == .noDaemon)
        #expect(Failure(SocketError(path: socket, reason: .notPermitted)).code == .notPermitted)
        #expect(Failure(SocketError(path: socket, reason: .tooLong)).code == .usage)
        #expect(Failure(ConversationError(path: socket, reason: .ended)).code == .noDaemon)
        #expect(Failure(ConversationError(path: socket, reason: .nonsense)).code == .internalError)
    }

    @Test func theSocketIsFound() {
        func find(_ option: FilePath?, _ environment: FilePath?, _ runtime: FilePath?, exists: Bool) -> FilePath {
            LibrarySocket.path(
                option: option, environment: environment, runtimeDirectory: runtime, exists: { _ in exists })
        }
        #expect(find("/a", "/b", "/c", exists: true) == "/a")
        #expect(find(nil, "/b", "/c", exists: true) == "/b")
        #expect(find(nil, nil, "/c", exists: true) == "/c/timbred/timbred.sock")
        #expect(find(nil, nil, "/c", exists: false) == "/run/timbred/timbred.sock")
        #expect(find(nil, nil, nil, exists: true) == "/run/timbred/timbred.sock")
    }
}
