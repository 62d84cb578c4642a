import CommandOutput
import Glibc
import Platform
import SystemPackage
import TestFiles
import TestServer
import Testing

@testable import LocalFiles

struct NewFileTests {
    @Test func aFileIsThereAsAWholeOrNotAtAll() throws {
        try withFolder { folder in
            let path = folder.appending("a.wav")
            func makeFile(_ text: String, replacesOthers: Bool = false, finishes: Bool = true) throws {
                let file = try NewFile(path, replacesOthers: replacesOthers)
                try file.descriptor.writeAll(text.utf8)
                if finishes { try file.finish() }
            }
            try makeFile("one", finishes: false)
            #expect(try FilePath.names(in: folder).isEmpty)
            try makeFile("one")
            #expect(throws: Failure.self) { try makeFile("two") }
            #expect(try path.contents() == Array("one".utf8))
            try makeFile("two", replacesOthers: true)
            #expect(try path.contents() == Array("two".utf8))
            #expect(try FilePath.names(in: folder) == ["a.wav"])
        }
    }

    @Test func aFileThatIsMadeMeanwhileIsLeftAlone() throws {
        try withFolder { folder in
            let path = folder.appending("a.wav")
            let file = try NewFile(path, replacesOthers: false)
            try Disk.write(path, "theirs")
            var code = Failure.Code?.none
            do throws(Failure) { try file.finish() } catch { code = error.code }
            #expect(code == .usage)
            #expect(try path.contents() == Array("theirs".utf8))
            #expect(try FilePath.names(in: folder) == ["a.wav"])
        }
    }
}

extension FilePath {
    /// The names in a folder.
    fileprivate static func names(in folder: FilePath) throws -> [String] {
        let directory = try unsafe #require(unsafe folder.withPlatformString { unsafe opendir($0) })
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
