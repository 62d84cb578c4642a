import ArgumentParser
import ClusterShards
import Glibc
import Platform
import ShardConnections
import TimbreCluster

/// Gives the cluster another number of shards.
struct ResizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resize",
        abstract: "Change the number of shards while questions go on.",
        discussion: """
            New shards stand behind the others in timbred.toml, on all machines. It ends when everything is where it belongs; \
            if it is cut off, it is run again, and goes on.
            """)

    @Option(
        help: ArgumentHelp(
            "How many shards there are to be; else as many as the configuration names. The number that there are gives "
                + "up a change that is under way.", valueName: "count"))
    var to: Int?

    @Option(
        help: ArgumentHelp(
            "A machine that is not waited for, as it is gone for good: its sounds are no longer found. May be given "
                + "several times.", valueName: "host"))
    var without: [String] = []

    @OptionGroup var options: ClusterOptions

    func validate() throws {
        if let to, to < 1 { throw ValidationError("--to is 1 or more.") }
    }

    func run() throws {
        let addresses = try options.cluster().shards
        let count = to ?? addresses.count
        guard count <= addresses.count else {
            throw Complaint(
                EX_CONFIG,
                "--to \(count): timbred.toml names \(CountedNoun.text(addresses.count, "shard")); add the others behind them"
            )
        }
        // Before anything is looked at, so that two do not come to different plans.
        let lock = try ShardSurvey.saying(addresses[0]) { () throws(ShardError) in try ResizeLock(on: addresses[0]) }
        try resize(try ShardSurvey(of: addresses), to: count, under: lock)
    }

    /// While hosts go over to another model, a shard that was lost is filled, but the number of shards stays: both would publish
    /// the cluster four times.
    private func refuseOffer(_ survey: ShardSurvey) throws {
        for member in survey.members where member.found != nil && !member.installation.isOfEarlierVersion {
            let offer = try ShardSurvey.saying(member.address) { () throws(ShardError) in
                try Shard(at: member.address, patience: .seconds(30), by: .now + .seconds(30))
                    .offer(by: .now + .seconds(30))
            }
            guard let offer, !offer.isSettled else { continue }
            throw Complaint(
                EX_UNAVAILABLE,
                "hosts are about to use the model \(offer.model.prefix(15)): `timbre-cluster model` shows whom they wait for"
            )
        }
    }

    private func resize(_ survey: ShardSurvey, to count: Int, under lock: ResizeLock) throws {
        let plan = try plan(survey, count)
        if plan.currentCount != count { try refuseOffer(survey) }
        if let other = without.first(where: { name in !survey.hosts.values.contains { $0.name == name } }) {
            throw Complaint(EX_USAGE, "--without \(other): no host has that name")
        }
        let members = survey.members.filter { $0.found != nil || $0.address.number <= plan.goal.shardCount }
        if let old = members.first(where: { $0.installation.isOfEarlierVersion }) {
            throw old.complaint(EX_UNAVAILABLE, "set up by an earlier timbre-cluster; run `timbre-cluster init`")
        }
        if plan.currentCount != count { print("from \(CountedNoun.text(plan.currentCount, "shard")) to \(count)") }
        let readers = Set(survey.members.compactMap(\.found?.readers).joined()).sorted()
        for member in members where member.address.number <= count {
            try ShardSurvey.saying(member.address) { () throws(ShardError) in
                try member.installation.install(
                    cluster: survey.cluster ?? "", shard: member.address.number, map: plan.newcomersMap,
                    hosts: survey.hosts, readers: readers)
            }
            if member.found == nil { print(member.line("set up")) }
        }
        if members.contains(where: { $0.found == nil }) { print(ShardSurvey.rest) }
        let resize = ClusterResize(members.map(\.address), by: plan, under: lock, without: Set(without)) { line in
            print(line)
            fflush(nil)
        }
        do throws(ShardError) { try resize.run() } catch { throw Complaint(EX_UNAVAILABLE, error.words) }
        print("the cluster has \(CountedNoun.text(count, "shard"))")
        for member in members where member.address.number > count {
            print(member.line("no longer part of it; take it out of timbred.toml on all machines"))
        }
        for absence in survey.absent {
            print(
                "\(absence.complaint); nothing of it is needed, and it was not told: take it out of timbred.toml on all "
                    + "machines or, if it comes back, run this once more")
        }
    }

    private func plan(_ survey: ShardSurvey, _ count: Int) throws -> ResizePlan {
        let plan: ResizePlan
        do throws(ResizePlan.Obstacle) { plan = try ResizePlan(of: survey.maps, to: count) } catch {
            // What is missing may be on a shard that does not answer.
            try survey.require { _ in true }
            switch error {
            case .nothingReady: throw Complaint(EX_UNAVAILABLE, "the cluster is not set up; run `timbre-cluster init`")
            case .underWay(let other, let current):
                throw Complaint(
                    EX_UNAVAILABLE,
                    "it is on the way from \(CountedNoun.text(current, "shard")) to \(other): go on with --to \(other), or back with --to \(current)"
                )
            }
        }
        // A configuration that names too few shards gives nothing up by itself.
        do { try survey.require { to == nil || plan.needs($0) } } catch var complaint as Complaint {
            let isUnderWay = survey.maps.joined().contains { $0.isSame(as: plan.goal) }
            if isUnderWay, survey.absent.allSatisfy({ $0.address.number > plan.currentCount }) {
                complaint.description +=
                    "; `timbre-cluster resize --to \(plan.currentCount)` gives the change up without it"
            }
            throw complaint
        }
        return plan
    }
}
