import Glibc
import Platform
import SystemPackage
import Testing

@testable import PageServer

struct PeerRuleTests {
    static let answers: [(Result<UInt32, Errno>, PeerRule.Verdict)] = [
        (.success(1000), .admitted), (.success(0), .admitted), (.success(1001), .refused),
        (.failure(.noSuchFileOrDirectory), .refused), (.failure(.permissionDenied), .unknown(.permissionDenied)),
    ]

    @Test("Only the user's own programs and root's are answered", arguments: answers)
    func verdicts(owner: Result<UInt32, Errno>, verdict: PeerRule.Verdict) {
        #expect(PeerRule(user: 1000).verdict(owner) == verdict)
    }

    @Test func theKernelKnowsWhoseAConnectionIs() throws {
        let listener = try LoopbackListener()
        let client = try RawClient(port: listener.port)
        #expect(PeerRule.owner(port: client.port, ours: listener.port) == .success(getuid()))
        // Another one that nobody has.
        #expect(PeerRule.owner(port: 1, ours: listener.port) == .failure(.noSuchFileOrDirectory))
    }

    @Test func aClosedEndHasNoOwner() throws {
        let listener = try LoopbackListener()
        let port = listener.port
        let theirs: UInt16
        do {
            let client = try RawClient(port: port)
            theirs = client.port
        }
        #expect(PeerRule(user: getuid()).verdict(PeerRule.owner(port: theirs, ours: port)) == .refused)
    }

    @Test func aPortIsTakenOnce() throws {
        let first = try LoopbackListener()
        let port = first.port
        #expect(throws: Errno.addressInUse) { _ = try LoopbackListener(port: port) }
        #expect(first.port == port)
    }
}
