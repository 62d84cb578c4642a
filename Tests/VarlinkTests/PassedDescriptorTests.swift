import Glibc
import Platform
import SystemPackage
import TestServer
import Testing

@testable import Varlink

@Suite(.serialized) struct PassedDescriptorTests {
    private static let write = "org.example.Test.Write"

    @Test func aServiceWritesToAFileThatOnlyTheClientCanOpen() throws {
        try TestService.serve { path in
            let file = OwnedDescriptor(owning: try MemoryFile.make([], named: "test"))
            var client = try VarlinkClient(connectingTo: path)
            let reply: TestService.Number = try client.call(
                Self.write, TestService.Nothing(), passing: file.descriptor, failure: TestService.Failure.self
            ) { _ in }
            #expect(try MemoryFile.contents(of: file.descriptor) == Array("written".utf8))
            // The number was the service's own, and is closed with the call.
            #expect(reply.number >= 0 && CInt(reply.number) != file.descriptor.rawValue)
            #expect(try Self.isClosed(CInt(reply.number)))
        }
    }

    /// Waits until a descriptor of this process is closed: the service closes it once it has answered.
    private static func isClosed(_ descriptor: CInt) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while fcntl(descriptor, F_GETFD) >= 0 {
            guard ContinuousClock.now < deadline else { return false }
            sched_yield()
        }
        return true
    }

    @Test func whatIsPassedBelongsToOneCall() throws {
        try TestService.serve { path in
            let file = OwnedDescriptor(owning: try MemoryFile.make([], named: "test"))
            var client = try VarlinkClient(connectingTo: path)
            for passed in [file.descriptor, nil, file.descriptor] {
                let reply: TestService.Number = try client.call(
                    Self.write, TestService.Nothing(), passing: passed, failure: TestService.Failure.self
                ) { _ in }
                #expect((reply.number >= 0) == (passed != nil))
            }
            #expect(try MemoryFile.contents(of: file.descriptor) == Array("writtenwritten".utf8))
        }
    }

    @Test func aCallWithADescriptorMayComeInPieces() throws {
        try TestService.serve { path in
            let file = OwnedDescriptor(owning: try MemoryFile.make([], named: "test"))
            let client = try RawClient(path)
            let text = Array("{\"method\":\"\(Self.write)\"}\0".utf8)
            try client.descriptor.sendAll(Array(text[..<9]), passing: file.descriptor)
            try client.descriptor.sendAll(Array(text[9...]))
            #expect(try client.receive(messages: 1).hasPrefix("{\"parameters\":{\"number\":"))
            #expect(try MemoryFile.contents(of: file.descriptor) == Array("written".utf8))
        }
    }
}
