import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing

/// A folder with a file in it, and beside it another of the same shape, to which links may lead.
private func withPlace(_ body: (_ folder: FilePath, _ outside: FilePath) throws -> Void) throws {
    let place = try Disk.temporaryPlace()
    for (name, text) in [("folder", "inside"), ("outside", "beyond")] {
        try Disk.makeDirectory(place.appending(name).appending("kit/low"))
        try Disk.write(place.appending(name).appending("kit/low/kick.wav"), text)
    }
    try body(place.appending("folder"), place.appending("outside"))
    Disk.remove(place)
}

private func text(_ path: FilePath, below folder: FilePath) throws -> String {
    let file = OwnedDescriptor(owning: try path.open(below: folder, O_RDONLY))
    return String(decoding: try file.descriptor.readToEnd(), as: UTF8.self)
}

struct OpenBelowTests {
    @Test func whatLiesInTheFolderIsOpened() throws {
        try withPlace { folder, _ in
            let file = folder.appending("kit/low/kick.wav")
            try #expect(text(file, below: folder) == "inside")
            try #expect(text(file, below: "/") == "inside")
            try #expect(text(file, below: file) == "inside")
            #expect(file.kind(below: folder) == .file && folder.kind(below: folder) == .directory)
            #expect(folder.appending("none").kind(below: folder) == nil)
        }
    }

    @Test(
        "A link in the place of any name on the way is not passed", arguments: ["kit", "kit/low", "kit/low/kick.wav"])
    func passesNoLink(name: String) throws {
        try withPlace { folder, outside in
            let (file, link) = (folder.appending("kit/low/kick.wav"), folder.pushing(FilePath(name)))
            try Disk.rename(link, outside.appending("taken"))
            try Disk.symlink(outside.pushing(FilePath(name)), link)
            #expect(throws: Errno.tooManySymbolicLinkLevels) { try text(file, below: folder) }
            #expect(file.kind(below: folder) == (name == "kit/low/kick.wav" ? .link : nil))
            // Where links may be followed, the path counts as its own folder.
            try #expect(text(file, below: file) == "beyond")
        }
    }

    @Test func linksMayLeadToTheFolder() throws {
        try withPlace { folder, outside in
            let link = outside.appending("link")
            try Disk.symlink(folder, link)
            try #expect(text(link.appending("kit/low/kick.wav"), below: link) == "inside")
        }
    }

    @Test func whatLiesElsewhereIsNot() throws {
        try withPlace { folder, outside in
            for path in [
                outside.appending("kit/low/kick.wav"), folder.appending("../outside/kit/low/kick.wav"),
                folder.appending("kit/../../outside/kit/low/kick.wav"), "kit/low/kick.wav",
            ] {
                #expect(throws: Errno.noSuchFileOrDirectory) { try text(path, below: folder) }
                #expect(path.kind(below: folder) == nil)
            }
        }
    }
}
