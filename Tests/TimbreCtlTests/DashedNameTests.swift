import CommandOutput
import SystemPackage
import Testing

@testable import timbrectl

struct DashedNameTests {
    @Test(
        "Help that nobody asked for is a name with an h in it",
        arguments: [
            ("similar -dash.ogg", "-dash.ogg"), ("similar a.wav -h.ogg -n 3", "-h.ogg"), ("list -0h", "-0h"),
            ("similar -h", nil), ("similar -dash.ogg -h", nil), ("similar -dash.ogg --help", nil), ("", nil),
            ("help similar", nil), ("watch", nil), ("similar -- -dash.ogg", nil), ("similar --glob h", nil),
        ] as [(String, String?)])
    func takenForHelp(line: String, name: String?) {
        let arguments = line.split(separator: " ").map(String.init)
        #expect(DashedName(takenForHelp: arguments)?.path.string == name)
    }

    @Test(
        "A word that the parser does not know may be a file's name",
        arguments: [
            ("similar -down.ogg", "-down.ogg"), ("similar -up.ogg -down.ogg", "-down.ogg"), ("similar -n x", nil),
            ("similar -- -down.ogg", nil), ("similar --down.ogg", nil),
        ] as [(String, String?)])
    func refused(line: String, name: String?) {
        let arguments = line.split(separator: " ").map(String.init)
        let found = DashedName(refused: arguments) { ["-down.ogg", "-n", "--down.ogg"].contains($0) }
        #expect(found?.path.string == name)
    }

    @Test func theComplaintSaysWhatToWrite() throws {
        let failure = Failure(try #require(DashedName(takenForHelp: ["similar", "-dash.ogg"])))
        #expect(failure.code == .usage)
        #expect(
            failure.line
                == "timbrectl: -dash.ogg: no such option; if it is a file, write ./-dash.ogg, or -- before it")
    }
}
