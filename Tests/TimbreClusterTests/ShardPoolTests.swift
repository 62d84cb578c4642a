import ClusterShards
import Glibc
import Platform
import ShardConnections
import SystemPackage
import TestFiles
import Testing
import TimbreWire

@testable import TimbreCluster

/// Shards that do not answer, without a server: what happens to those that do is shown with real ones.
@Suite(.timeLimit(.minutes(10)))
struct ShardPoolTests {
    /// A socket that takes connections, and says nothing.
    private final class Silence {
        private let descriptor: Int32

        init(in folder: FilePath) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let name = Array(folder.appending(".s.PGSQL.5432").string.utf8CString)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
                unsafe name.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
            }
            let isListening = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                        && listen(descriptor, 8) == 0
                }
            }
            guard isListening else { throw Errno(rawValue: errno) }
        }

        deinit { close(descriptor) }
    }

    @Test func whatDoesNotAnswerIsMissingAtTheDeadline() throws {
        let folder = try TemporaryFolder()
        let silence = try Silence(in: folder.path)
        let pool = ShardPool(
            [
                try ShardAddress(number: 1, "host=\(folder.path) dbname=sounds"),
                try ShardAddress(number: 2, "host=/nowhere dbname=sounds"),
            ], patience: .milliseconds(300))
        let start = ContinuousClock.now
        let replies = pool.ask { _, _, _ throws(ShardError) in 1 }
        let took = ContinuousClock.now - start
        let reasons = replies.map { reply -> ShardError.Reason? in
            if case .failure(let error) = reply.answer { error.reason } else { nil }
        }
        #expect(reasons == [.late, .away] && took >= .milliseconds(300))
        let missing = try #require([MissingShard].missing(replies))
        #expect(missing.map(\.shard) == [1, 2] && missing[1].why.hasPrefix("/nowhere/sounds: "))
        withExtendedLifetime(silence) {}
    }

    @Test func aQuestionEndsWhenItIsToldTo() throws {
        let folder = try TemporaryFolder()
        let silence = try Silence(in: folder.path)
        let pool = ShardPool(
            [try ShardAddress(number: 1, "host=\(folder.path) dbname=sounds")], patience: .seconds(3600))
        let replies = pool.ask(by: .now + .milliseconds(200)) { _, _, _ throws(ShardError) in 1 }
        #expect(replies.map(\.found) == [nil])
        // Who has not answered before is not waited for once more.
        let rest = pool.ask(without: [1]) { _, _, _ throws(ShardError) in 1 }
        #expect([MissingShard].missing(rest)?.first?.why.hasSuffix("it was not asked") == true)
        withExtendedLifetime(silence) {}
    }

    @Test("An address that is none is refused", arguments: ["host", "host=a colour=red", "host='a"])
    func badAddress(text: String) {
        #expect(throws: ShardAddressError.self) { try ShardAddress(number: 1, text) }
    }

    @Test func anAddressIsShownWithoutItsPassword() throws {
        let address = try ShardAddress(number: 1, "postgresql://studio:secret@db1:5433/sounds")
        #expect(address.name == "db1:5433/sounds")
    }
}
