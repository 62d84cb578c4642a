import Platform
import SystemPackage
import Testing

@testable import FolderWatch

struct IndirectNamesTests {
    private var names = IndirectNames(mostNames: 2)
    private let status: FileStatus

    init() throws { status = try FileStatus(of: "/proc/self/stat", following: true) }

    private mutating func note(_ name: String, in directory: FilePath = "/a") {
        names.note(Array(name.utf8), in: directory, status, isLink: true)
    }

    @Test(arguments: [Errno.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels])
    mutating func aLinkThatLeadsNowhereHasChanged(error: Errno) {
        note("x.wav")
        let changes = names.changes { (_) throws(Errno) in throw error }
        #expect(changes.map(\.path) == ["/a/x.wav"])
        #expect(changes.first.map { $0.now == nil } == true)
    }

    @Test(arguments: [Errno.permissionDenied, .ioError, .noMemory])
    mutating func aLinkThatCannotBeLookedAtStaysAsItWas(error: Errno) {
        note("x.wav")
        let failing = names.changes { (_) throws(Errno) in throw error }
        #expect(failing.isEmpty)
        let answering = names.changes { [status] (_) throws(Errno) in status }
        #expect(answering.isEmpty)
    }

    @Test mutating func noMoreAreNotedThanThereIsRoomFor() {
        note("x.wav")
        note("y.wav")
        note("z.wav")
        note("y.wav")
        #expect(Set(names.paths) == ["/a/x.wav", "/a/y.wav"])
        names.forget("/a/x.wav", isDirectory: false)
        note("z.wav", in: "/b")
        #expect(Set(names.paths) == ["/a/y.wav", "/b/z.wav"])
        names.beginListing("/a")
        names.forget("/b", isDirectory: true)
        #expect(names.isEmpty)
        names.note(unknown: "/c/x.wav")
        names.note(unknown: "/c/y.wav")
        names.note(unknown: "/c/z.wav")
        #expect(Set(names.paths) == ["/c/x.wav", "/c/y.wav"])
    }
}
