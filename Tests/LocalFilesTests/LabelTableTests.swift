import CommandOutput
import SystemPackage
import TestSounds
import Testing
import TimbreWire

@testable import LocalFiles

struct LabelTableTests {
    private func path(_ file: borrowing TemporaryFile) -> FilePath {
        FilePath("/proc/self/fd/\(file.descriptor.rawValue)")
    }

    /// Reads a table that lies in a file without a name.
    private func table(
        _ text: String, column: String = "label", root: FilePath? = "/none", needed: [String] = []
    ) throws -> [FileLabel] {
        let file = try TemporaryFile(Array(text.utf8))
        return try LabelTable(readingFrom: path(file), column: column, root: root, needed: needed).labels
    }

    @Test func pathsBeginAtTheRootUnlessTheyAreAbsolute() throws {
        let labels = try table("path,label\na/b.wav,kick\n/no/c.wav,snare\n./d.wav,tom\n")
        #expect(labels.map(\.path.shown) == ["/none/a/b.wav", "/no/c.wav", "/none/d.wav"])
        #expect(labels.map(\.label) == ["kick", "snare", "tom"])
    }

    @Test func withoutARootPathsBeginAtTheTablesFolder() throws {
        let file = try TemporaryFile(Array("path,label\na.wav,kick\n".utf8))
        let labels = try LabelTable(readingFrom: path(file), column: "label", root: nil, needed: []).labels
        let folder = try WirePath(resolving: path(file).removingLastComponent())
        #expect(labels.map(\.path.bytes) == [folder.bytes + Array("/a.wav".utf8)])
    }

    @Test func otherColumnsAreTakenAndEmptyOnesAreNot() throws {
        let text = "group,path,label,pitch,family\nx,a,kick,60,drum\n,b,snare,,drum\ny,c,,61,drum\n"
        let labels = try table(text)
        #expect(labels.map(\.group) == ["x", nil] && labels.map(\.pitch) == ["60", nil])
        #expect(try table(text, column: "family").map(\.label) == ["drum", "drum", "drum"])
    }

    struct Wrong {
        var text: String
        var code: Failure.Code
        var complaint: String
    }

    static let wrong = [
        Wrong(text: "file,label\na,b\n", code: .usage, complaint: "no column path; there are file, label"),
        Wrong(text: "path,family\na,b\n", code: .usage, complaint: "no column label"),
        Wrong(text: "path,label\na,b\n", code: .usage, complaint: "no column pitch"),
        Wrong(text: "path,label,pitch\na,b,1\nc,d\n", code: .notAudio, complaint: ":3: 2 values, where"),
        Wrong(text: "path,label,pitch\na,,\n", code: .notAudio, complaint: "no file has a label"),
        Wrong(
            text: "path,label,pitch\na,b,\n./a,c,\n", code: .notAudio,
            complaint: ":3: ./a has a label already, in line 2"),
    ]

    @Test("Says what is wrong with a table", arguments: wrong)
    func complains(example: Wrong) {
        let failure = #expect(throws: Failure.self) { try table(example.text, needed: ["pitch"]) }
        #expect(failure?.code == example.code)
        #expect(failure?.line?.contains(example.complaint) == true, "\(failure?.line ?? "")")
    }
}
