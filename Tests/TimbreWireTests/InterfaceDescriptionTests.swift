import Platform
import SystemPackage
import TestLibrary
import Testing
import TimbreWire
import Varlink

struct InterfaceDescriptionTests {
    private struct Answer: Decodable {
        struct Parameters: Decodable {
            var description: String
        }

        var parameters: Parameters
    }

    @Test func theTextThatIsServedIsTheFile() throws {
        let file = FilePath(#filePath).removingLastComponent().appending("../../Config/org.timbred.Library.varlink")
        let call =
            #"{"method":"org.varlink.service.GetInterfaceDescription","#
            + #""parameters":{"interface":"org.timbred.Library"}}"#
        let peer = Peer(user: 0, groups: [0], process: 1)
        try VarlinkService(FakeLibrary()).answer(Array(call.utf8), from: peer) { message in
            let served = try JSON.decode(Answer.self, from: message.dropLast()).parameters.description
            #expect(try file.contents() == Array(served.utf8))
        }
    }

    @Test func namesEveryMethodAndEveryErrorThatIsServed() {
        let methods = LibraryInterface.methods(of: FakeLibrary()).map(\.name)
        for name in methods {
            #expect(LibraryInterface.definition.contains("\nmethod \(name)("), "\(name)")
        }
        for error in LibraryErrorTests.all {
            guard error.name.hasPrefix("org.timbred.Library.") else { continue }
            #expect(LibraryInterface.definition.contains("\nerror \(error.name.dropFirst(20)) ("), "\(error.name)")
        }
        #expect(LibraryInterface.definition.split(separator: "\nmethod ").count - 1 == methods.count)
    }

    private struct NoCluster: ClusterResponder {
        func similar(_: Similar.Parameters, from _: Peer) throws -> Similar.Reply { throw LibraryError.stopping }
        func random(_: Random.Parameters, from _: Peer) throws -> Random.Reply { throw LibraryError.stopping }
        func list(_: List.Parameters, from _: Peer, send _: (List.Reply) throws -> Void) throws -> List.Reply {
            throw LibraryError.stopping
        }
        func duplicates(
            _: Duplicates.Parameters, from _: Peer, send _: (Duplicates.Reply) throws -> Void
        ) throws -> Duplicates.Reply { throw LibraryError.stopping }
        func shards(from _: Peer) throws -> Shards.Reply { throw LibraryError.stopping }
    }

    @Test func ofTheClusterTooNamesEveryMethod() throws {
        let file = FilePath(#filePath).removingLastComponent().appending("../../Config/org.timbred.Cluster.varlink")
        #expect(try file.contents() == Array(ClusterInterface.definition.utf8))
        let methods = ClusterInterface.methods(of: NoCluster()).map(\.name)
        for name in methods { #expect(ClusterInterface.definition.contains("\nmethod \(name)("), "\(name)") }
        #expect(ClusterInterface.definition.split(separator: "\nmethod ").count - 1 == methods.count)
        #expect(ClusterInterface.definition.contains("\nerror NotEverywhere ("))
    }
}
