import ShardConnections
import Testing
import TimbreWire

@testable import ClusterShards
@testable import TimbreCluster

struct ClusterHostsTests {
    /// What each shard knows of its hosts; nil of one that does not answer.
    private func hosts(_ shards: [ShardHost]?...) -> ClusterHosts {
        ClusterHosts(
            shards.enumerated().map { place, hosts in
                ShardReply(
                    shard: place + 1, name: "db",
                    answer: hosts.map(Result.success) ?? .failure(ShardError(.late, "no answer in time")))
            })
    }

    private func host(_ name: String, _ files: Int, complete: Bool? = true) -> ShardHost {
        ShardHost(name: name, files: files, isComplete: complete, seen: nil)
    }

    private func why(_ hosts: ClusterHosts, _ place: String? = nil, isSearch: Bool = true) -> String? {
        hosts.whyNothingIsFound(at: place.map { WirePath($0.utf8) }, isSearch: isSearch)
    }

    @Test func whatShardsKnowIsAddedUp() {
        let known = hosts([host("b", 2), host("a", 1)], [host("a", 3), host("b", 0, complete: nil)])
        #expect(known.all.map(\.name) == ["a", "b"] && known.all.map(\.files) == [4, 2])
        #expect(known.all.map(\.complete) == [true, false] && known.isWhole)
    }

    @Test func aHostThatThereIsNotIsNamedWithThoseThatThereAre() {
        let three = [host("studio1", 3), host("studio2", 4), host("studio3", 0)]
        let words = "no host is called 'studio': there are studio1, studio2 and studio3"
        #expect(why(hosts(three), "studio:/srv") == words)
        #expect(why(hosts(three), "studio:", isSearch: false) == words)
        // One shard knows all hosts.
        #expect(why(hosts(three, nil), "studio:") == words)
        #expect(why(hosts([host("a", 1)]), "b:/srv") == "no host is called 'b': there is a")
        #expect(why(hosts(nil), "b:/srv") == nil)
    }

    @Test("A path that is not whole is told of", arguments: ["Samples", "a:Samples"])
    func partOfAPath(place: String) {
        #expect(why(hosts([host("a", 1)]), place)?.hasPrefix("'Samples' is not a whole path") == true)
    }

    @Test func whoHasPublishedNothingIsNamed() {
        #expect(why(hosts([host("a", 0), host("b", 2)]), "a:") == "a has published no file")
        #expect(why(hosts([host("a", 0, complete: nil)]), isSearch: false) == "no host has published a file yet")
        #expect(why(hosts([]))?.contains("init --host") == true)
    }

    @Test func whoIsNotDoneIsNamed() {
        let half = hosts([host("a", 5, complete: false), host("b", 2)])
        #expect(
            why(half, isSearch: false)
                == "of 7 files of all hosts nothing is found, and a has not published everything yet")
        #expect(why(half, "b:/srv") == "of 2 files of b nothing is found")
        // A list that is empty where nobody has files needs no further reason, and no duplicates are no surprise.
        #expect(why(half, "b:/srv", isSearch: false) == nil)
    }

    @Test func aShardThatIsMissingIsReasonEnough() { #expect(why(hosts([host("a", 0)], nil)) == nil) }
}
