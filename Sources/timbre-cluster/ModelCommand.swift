import ArgumentParser
import ClusterShards
import Glibc
import Platform
import ShardConnections
import TimbreCluster
import TimbreWire
import Varlink

/// One model for the cluster.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Show the cluster's model, offer another one, or accept it.",
        subcommands: [ModelStatusCommand.self, ModelUseCommand.self, ModelAcceptCommand.self],
        defaultSubcommand: ModelStatusCommand.self)

    /// Prints a line at once. What others have put on the shards does nothing to a terminal.
    static func say(_ line: String) {
        print(line.escaped(for: .terminal))
        fflush(nil)
    }

    /// Runs something that needs shards and timbred, and says in one line what is wrong.
    static func saying<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as ModelChange.Obstacle {
            if case .noHost = error { throw Complaint(EX_USAGE, error.words) }
            throw Complaint(EX_UNAVAILABLE, error.words)
        } catch LibraryError.noSuchModel(let name) {
            throw Complaint(
                EX_USAGE,
                "no model \(name) in this library, or several: see `timbrectl model list`, or `timbrectl model import`")
        } catch let error as Complaint { throw error } catch {
            throw Complaint(EX_UNAVAILABLE, ShardPublisher.words(of: error))
        }
    }
}

/// Shows how far the cluster is with its model.
struct ModelStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the cluster's model, and how far each host is.")

    @OptionGroup var options: ClusterOptions

    func run() throws {
        let addresses = try options.cluster().shards
        let rollout = try ModelCommand.saying { try ModelChange(addresses) { _ in }.state() }
        guard let offer = rollout.offer else {
            ModelCommand.say("no model was ever offered to the cluster")
            for host in rollout.hosts {
                ModelCommand.say("host \(host.name): uses \(host.uses ?? "a model that is not known yet")")
            }
            if !rollout.unknown.isEmpty {
                ModelCommand.say("shard \(rollout.unknown.map { "\($0)" }.joined(separator: ", ")) does not answer")
            }
            return
        }
        ModelCommand.say("model \(offer.model), offered by \(offer.offerer)")
        for host in rollout.hosts {
            ModelCommand.say(
                "host \(host.name): \(Self.words(of: host))\(host.isWaitedFor ? "" : "; it is not waited for")")
        }
        if let waiting = rollout.waiting { ModelCommand.say("waiting: \(waiting)") }
    }

    private static func words(of host: ModelRollout.Host) -> String {
        let used = host.uses.map { ", uses \($0)" } ?? ""
        return switch host.stage {
        case .notAccepted: "not accepted\(used)"
        case .publishing(let percent): "publishing under it, \(percent) %\(used)"
        case .complete: "has published everything under it\(used)"
        case .moved: "uses it"
        }
    }
}

/// Offers a model to all hosts.
struct ModelUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Have all hosts use a model of this machine's library.",
        discussion: """
            Each host takes it in if its timbred.toml says follow_model = true, or after `timbre-cluster model accept` there; \
            publishes under it; and uses it when all have done so. The command ends then. If it is cut off, all goes on by \
            itself. The model that was used before gives an offer up.
            """)

    @Argument(help: "A number, or the beginning of its hash, as in `timbrectl model list`.")
    var model: String

    @Option(
        help: ArgumentHelp(
            "A host that is not waited for: what it has published is no longer found once the others use the model. Needs a "
                + "role that may set shards up. May be given several times.", valueName: "host"))
    var without: [String] = []

    @OptionGroup var options: ClusterOptions

    func run() throws {
        let addresses = try options.cluster().shards
        let found = try ModelCommand.saying { try LibraryModels(of: options.library).export(model) }
        let change = ModelChange(addresses) { ModelCommand.say($0) }
        try ModelCommand.saying {
            let offer = try change.offer(found.model.hash, Array(found.document.utf8), without: without)
            ModelCommand.say("model \(offer.model) is offered to all hosts")
            try change.wait(for: offer)
        }
        ModelCommand.say("all hosts use it")
    }
}

/// Takes the model in that is offered to the cluster.
struct ModelAcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Have this machine's library take in the model that is offered to the cluster."
    )

    @OptionGroup var options: ClusterOptions

    func run() throws {
        let addresses = try options.cluster().shards
        let offer = try ModelCommand.saying { try ModelChange(addresses) { _ in }.state().offer }
        guard let offer else { throw Complaint(EX_UNAVAILABLE, "no model is offered to the cluster") }
        try ModelCommand.saying {
            try ModelDocument(of: offer, from: addresses).add(to: LibraryModels(of: options.library))
        }
        print("model \(offer.model) is taken in; it is used when all hosts have published under it")
    }
}
