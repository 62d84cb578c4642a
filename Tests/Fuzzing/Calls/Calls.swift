import FoundationEssentials
import TestLibrary
import TimbreWire

@testable import Varlink

/// Bytes of a client, as the server takes them: cut into pieces, put together to messages, answered.
///
/// Each message has its replies, the last of which says that it is; or it is no call, and the conversation ends.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let service = VarlinkService(FakeLibrary(), policy: AccessPolicy(owner: 1000, group: 7))
    let peer = Peer(user: bytes.count % 8 == 0 ? 1 : 1000, groups: [7], process: 1)
    let pieceLength = 1 + Int(bytes.first ?? 0)
    var messages = MessageSplitter(limit: 1 << 12)
    var expected = bytes.split(separator: 0, omittingEmptySubsequences: false)[...]
    do {
        for place in stride(from: 0, to: bytes.count, by: pieceLength) {
            messages.append(bytes[place..<min(place + pieceLength, bytes.count)])
            while let message = try messages.next() {
                precondition(expected.popFirst().map(Array.init) == message)
                try answer(message, service, peer)
            }
        }
        precondition(messages.unfinishedCount == expected.first?.count && expected.count == 1)
    } catch is MessageSplitter.TooLong {
        precondition(expected.contains { $0.count > messages.limit })
    } catch is VarlinkService.NotACall {
        return 0
    } catch {
        fatalError("\(error)")
    }
    return 0
}

/// What every reply has.
private struct Head: Decodable {
    var continues: Bool?
    var error: String?
}

private func answer(_ message: [UInt8], _ service: VarlinkService, _ peer: Peer) throws {
    var replies: [Head] = []
    try service.answer(message, from: peer) { reply in
        precondition(reply.firstIndex(of: 0) == reply.count - 1)
        replies.append(try JSONDecoder().decode(Head.self, from: Data(reply.dropLast())))
    }
    let call = try JSON.decode(IncomingCall.self, from: message)
    precondition(replies.isEmpty == call.oneway)
    precondition(replies.dropLast().allSatisfy { $0.continues == true && $0.error == nil && call.more })
    precondition(replies.last?.continues == nil)
}
