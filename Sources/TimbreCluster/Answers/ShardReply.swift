import ClusterShards
import ShardConnections
import TimbreWire

/// What a shard said, or why it is missing.
struct ShardReply<Answer: Sendable>: Sendable {
    /// The shard's number, from 1.
    let shard: Int
    /// Its host and database, for people.
    let name: String
    let answer: Result<Answer, ShardError>

    /// What the shard said; nil if it is missing.
    var found: Answer? { if case .success(let found) = answer { found } else { nil } }

    /// The same with a part of what the shard said.
    func map<Part>(_ part: (Answer) -> Part) -> ShardReply<Part> {
        ShardReply<Part>(shard: shard, name: name, answer: answer.map(part))
    }

    /// Whether nothing is there under the model that it was asked by, but under another one.
    var isOfAnotherModel: Bool { if case .failure(let error) = answer { error.isOfAnotherModel } else { false } }
}

extension [MissingShard] {
    /// The shards that did not answer; nil if all did.
    static func missing<Answer>(_ replies: [ShardReply<Answer>]) -> [MissingShard]? {
        let missing = replies.compactMap { reply -> MissingShard? in
            guard case .failure(let error) = reply.answer else { return nil }
            return MissingShard(shard: reply.shard, why: "\(reply.name): \(error.words)")
        }
        return missing.isEmpty ? nil : missing
    }
}
