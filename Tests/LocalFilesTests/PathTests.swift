import CommandOutput
import Glibc
import SystemPackage
import TestServer
import Testing
import TimbreWire

@testable import LocalFiles

struct PathTests {
    @Test func whatAnswersMayLieUnderIsAFolderOrAFile() throws {
        try withFolder { folder in
            let root = try WirePath(resolving: folder).bytes
            func name(_ text: String) -> WirePath { WirePath(root + Array("/\(text)".utf8)) }
            try #require(unsafe mkdir(folder.appending("sounds").string, 0o700) == 0)
            let file = try FileDescriptor.open(
                folder.appending("sounds/tape.wav"), .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.close()
            try #require(unsafe symlink("sounds", folder.appending("link").string) == 0)
            try #require(unsafe symlink("tape.wav", folder.appending("sounds/other.wav").string) == 0)
            func under(_ text: String) throws -> WirePath {
                try WirePath(resolvingFileOrFolder: folder.appending(text))
            }
            #expect(try under("sounds") == name("sounds"))
            #expect(try under("link") == name("sounds"))
            #expect(try under("link/tape.wav") == name("sounds/tape.wav"))
            // A watched file may be a link: the library knows it by the link's name.
            #expect(try under("link/other.wav") == name("sounds/other.wav"))
            #expect(throws: Failure.self) { try under("none") }
        }
    }
}
