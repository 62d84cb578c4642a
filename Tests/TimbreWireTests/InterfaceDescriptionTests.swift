import SystemPackage
import Testing

@testable import TimbreWire

struct InterfaceDescriptionTests {
    @Test func theEmbeddedTextIsTheFile() throws {
        let file = FilePath(#filePath).removingLastComponent().appending("../../Config/org.timbred.Library.varlink")
        let descriptor = try FileDescriptor.open(file, .readOnly)
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = try unsafe piece.withUnsafeMutableBytes({ try unsafe descriptor.read(into: $0) }),
            count > 0
        {
            text += piece.prefix(count)
        }
        try descriptor.close()
        #expect(text == Array(InterfaceDescription.library.utf8))
    }

    @Test func namesEveryMethodAndEveryErrorThatIsServed() {
        for name in LibraryService.methods.keys {
            #expect(InterfaceDescription.library.contains("\nmethod \(name)("), "\(name)")
        }
        for error in LibraryErrorTests.all {
            let name = error.message.name
            guard name.hasPrefix("org.timbred.Library.") else { continue }
            #expect(InterfaceDescription.library.contains("\nerror \(name.dropFirst(20)) ("), "\(name)")
        }
        #expect(InterfaceDescription.library.split(separator: "\nmethod ").count - 1 == LibraryService.methods.count)
    }
}
