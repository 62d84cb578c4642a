import ArgumentParser
import Glibc
import Logging
import Platform
import ShardConnections
import Systemd
import TimbreCluster

/// Publishes what this machine's library holds now, and ends.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish what this machine's library holds now to all shards, and end.")

    @Flag(help: "Let the library take the place of another one that this host has published before.")
    var replaceLibrary = false

    @OptionGroup var options: ClusterOptions

    func run() throws {
        LoggingSystem.bootstrap { _ in JournalLogHandler(of: "timbre-cluster") }
        let cluster = try options.cluster()
        let shards = cluster.shards
        let settled = SettledOffer(asking: ShardPool(shards, patience: cluster.deadline))
        let board = PublicationBoard(shards: shards.map(\.number), logger: Logger(label: "timbre-cluster")) { _ in }
        let pages = ChangePages(of: options.library, readers: shards.count)
        // All at once, as then the library is read once.
        let ends = try shards.map { address in
            let publisher = ShardPublisher(to: address, pages: pages, board: board, settled: settled)
            let end = Promise<Void, any Error>()
            try DetachedThread.start { [replaceLibrary] in
                end.fulfil(
                    Result {
                        if replaceLibrary { try publisher.replaceLibrary() }
                        try publisher.runOnce()
                    })
            }
            return end
        }
        var failures: [String] = []
        for (address, end) in zip(shards, ends) {
            do {
                try end.wait()
                print("shard \(address.number), \(address.name): has all of this machine")
            } catch {
                failures.append("shard \(address.number), \(address.name): \(ShardPublisher.words(of: error))")
            }
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Complaint.print(failure, by: "timbre-cluster") }
        throw Complaint(EX_UNAVAILABLE, last)
    }
}
