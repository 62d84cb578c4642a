import Platform
import SystemPackage
import TimbreIngest
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply {
        let folder = parameters.offline.map { FilePath(bytes: $0.bytes) }
        return try answering {
            let plan = try catalog.read { try PrunePlan(offline: folder, $0) }
            if !parameters.dryRun {
                try ingest.prune(offline: folder) { if retrainer.isStopping { throw LibraryError.stopping } }
            }
            return plan.reply(pruned: !parameters.dryRun)
        }
    }
}
