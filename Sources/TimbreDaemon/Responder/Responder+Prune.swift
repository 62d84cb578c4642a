import Platform
import SystemPackage
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply {
        let folder = parameters.offline.map { FilePath(bytes: $0.bytes) }
        return try answering {
            let plan = try catalog.read { try PrunePlan(offline: folder, $0) }
            var isDone = parameters.dryRun
            // Whatever ends this in between leaves files and contents that a prune finds again.
            var walk = PruneWalk(offline: folder)
            while !isDone {
                if retrainer.isStopping { throw LibraryError.stopping }
                let begun = walk
                (walk, isDone) = try ingest.perform { loop in
                    try loop.transact { turn in
                        var walk = begun
                        let isDone = try walk.forgetSome(in: &turn)
                        return (walk, isDone)
                    }
                }
            }
            return plan.reply(pruned: !parameters.dryRun)
        }
    }
}
