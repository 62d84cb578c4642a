import Synchronization
import TestLibrary
import Testing
import TimbreWire
import Varlink

struct LibraryServiceTests {
    static let owner = Peer(user: 1000, groups: [1000], process: 1)
    static let member = Peer(user: 1001, groups: [1001, 50], process: 1)
    static let stranger = Peer(user: 1002, groups: [1002], process: 1)

    /// The replies to one message, without their NULs.
    func replies(
        to message: String, from peer: Peer = owner, library: FakeLibrary = FakeLibrary()
    ) throws -> [String] {
        let service = VarlinkService(library, policy: AccessPolicy(owner: 1000, group: 50))
        var replies: [String] = []
        try service.answer(Array(message.utf8), from: peer) { bytes in
            #expect(bytes.last == 0 && !bytes.dropLast().contains(0))
            replies.append(String(decoding: bytes.dropLast(), as: UTF8.self))
        }
        return replies
    }

    struct BadParameters {
        var method: String
        var parameters: String
        var named: String
    }

    /// One sound more than can be searched by.
    private static let many = Array(repeating: #"{"path":"/a"}"#, count: 10_001).joined(separator: ",")

    static let badParameters = [
        BadParameters(method: "Similar", parameters: "{}", named: "queries"),
        BadParameters(method: "Similar", parameters: "null", named: "queries"),
        BadParameters(method: "Similar", parameters: "7", named: "parameters"),
        BadParameters(method: "Similar", parameters: #"{"queries":7}"#, named: "queries"),
        BadParameters(method: "Similar", parameters: #"{"queries":[]}"#, named: "queries"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{}]}"#, named: "queries[0]"),
        BadParameters(method: "Similar", parameters: #"{"queries":[\#(many)]}"#, named: "queries"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"not":[\#(many)]}"#, named: "not"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"a.wav"}]}"#, named: "queries[0].path"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"code":"AAAA"}]}"#, named: "queries[0]"),
        BadParameters(method: "Explain", parameters: #"{"a":{"path":"/a"}}"#, named: "b"),
        BadParameters(method: "Explain", parameters: #"{"a":{"path":"/a"},"b":{"path":"b"}}"#, named: "b.path"),
        BadParameters(
            method: "Explain", parameters: #"{"a":{"code":"AAAAAAAAAAAAAAAAAAAAAA=="},"b":{"path":"/b"}}"#,
            named: "a.code"),
        BadParameters(method: "Look", parameters: "{}", named: "sound"),
        BadParameters(method: "Look", parameters: #"{"sound":{"path":"a"}}"#, named: "sound.path"),
        BadParameters(
            method: "Look", parameters: #"{"sound":{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}}"#, named: "sound.code"),
        BadParameters(
            method: "Look", parameters: #"{"sound":{"path":"/a"},"at":{"start":1,"end":1}}"#, named: "at"),
        BadParameters(method: "Look", parameters: #"{"sound":{"path":"/a"},"columns":0}"#, named: "columns"),
        BadParameters(method: "Look", parameters: #"{"sound":{"path":"/a"},"columns":4001}"#, named: "columns"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"code":"!"}]}"#, named: "queries[0].code"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a","code":"AAAAAAAAAAAAAAAAAAAAAA=="}]}"#,
            named: "queries[0]"),
        BadParameters(
            method: "Explain",
            parameters: #"{"a":{"path":"/a"},"b":{"features":{"sample_count":0,"duration":1e300,"cepstra":""}},"#
                + #""at":{"start":1e300,"end":2e300}}"#,
            named: "b.features.duration"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"features":{"sample_count":1,"duration":1,"cepstra":"AAAA"}}]}"#,
            named: "queries[0].features.cepstra"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"features":{"sample_count":1,"duration":1,"cepstra":"","bands":"AAAA"}}]}"#,
            named: "queries[0].features.bands"),
        BadParameters(
            method: "Explain",
            parameters: #"{"a":{"path":"/a"},"b":{"features":{"sample_count":1,"duration":1,"cepstra":"","#
                + #""trimmed_bands":"AAAA"}}}"#,
            named: "b.features.trimmed_bands"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}],"at":{"start":0,"end":1}}"#, named: "at"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"count":"3"}"#, named: "count"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"count":2.5}"#, named: "count"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"count":0}"#, named: "count"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"count":10001}"#, named: "count"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"metric":"loudness"}"#, named: "metric"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"at":{"start":2,"end":1}}"#, named: "at"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"at":{"start":2}}"#, named: "at.end"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"filter":{"channels":"two"}}"#,
            named: "filter.channels"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"max_distance":-1}"#, named: "max_distance"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"max_distance":1e999}"#, named: "max_distance"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"blend":true}"#, named: "blend"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"},{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}],"blend":true}"#, named: "blend"
        ),
        BadParameters(
            method: "Similar",
            parameters:
                #"{"queries":[\#(Array(repeating: #"{"path":"/a"}"#, count: 17).joined(separator: ","))],"blend":true}"#,
            named: "blend"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"per_folder":0}"#, named: "per_folder"),
        BadParameters(
            method: "Explain", parameters: #"{"a":{"path":"/a"},"b":{"path":"/b"},"at_a":{"start":2,"end":1}}"#,
            named: "at_a"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"per_folder":1,"segments":true}"#,
            named: "per_folder"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"filter":{"not_under":"/b"}}"#,
            named: "filter.not_under"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"filter":{"not_under":[{"path":"b"}]}}"#,
            named: "filter.not_under[0].path"),
        BadParameters(
            method: "Random", parameters: #"{"filter":{"not_under":[{"path":"/b"},{"path":"/b\u0000"}]}}"#,
            named: "filter.not_under[1].path"),
        BadParameters(
            method: "Random", parameters: #"{"filter":{"not_under":[\#(many)]}}"#, named: "filter.not_under"),
        BadParameters(method: "Random", parameters: #"{"filter":{"min_bpm":-1}}"#, named: "filter.min_bpm"),
        BadParameters(method: "Random", parameters: #"{"filter":{"max_bpm":"fast"}}"#, named: "filter.max_bpm"),
        BadParameters(method: "Random", parameters: #"{"filter":{"key":""}}"#, named: "filter.key"),
        BadParameters(method: "Numbers", parameters: #"{"filter":{"key":""}}"#, named: "filter.key"),
        BadParameters(method: "Numbers", parameters: "{}", named: "filter"),
        BadParameters(method: "Random", parameters: #"{"filter":{"max_length":-1}}"#, named: "filter.max_length"),
        BadParameters(
            method: "Random", parameters: #"{"filter":{"tags":[{"word":"a"},{"word":""}]}}"#,
            named: "filter.tags[1].word"),
        BadParameters(
            method: "Random", parameters: #"{"filter":{"tags":[{"field":"genre","word":"a"}]}}"#,
            named: "filter.tags[0].field"),
        BadParameters(method: "Compare", parameters: #"{"a":{"path":"/a"}}"#, named: "b"),
        BadParameters(method: "Compare", parameters: #"{"a":{"path":"a"},"b":{"path":"/b"}}"#, named: "a"),
        BadParameters(method: "Compare", parameters: #"{"a":{"path":"/a"},"b":{"path":"b"}}"#, named: "b"),
        BadParameters(method: "Compare", parameters: #"{"a":{"path":"/a"},"b":{"path":"/a"}}"#, named: "b"),
        BadParameters(method: "Compare", parameters: #"{"a":"/a","b":"/b"}"#, named: "a"),
        BadParameters(method: "Odd", parameters: #"{"count":0}"#, named: "count"),
        BadParameters(method: "Odd", parameters: #"{"count":10001}"#, named: "count"),
        BadParameters(method: "Odd", parameters: #"{"filter":{"channels":0}}"#, named: "filter.channels"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"contrasts":[]}"#, named: "contrasts"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"contrasts":[{"direction":"sweeter"}]}"#,
            named: "contrasts[0].direction"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"}],"contrasts":[{"direction":"darker"},{"direction":"darker"}]}"#,
            named: "contrasts"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"}],"contrasts":[{"direction":"darker"},{"direction":"brighter"}]}"#,
            named: "contrasts[0].direction"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"}],"contrasts":[{"direction":"darker","amount":0.5}]}"#,
            named: "contrasts[0].amount"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"}],"contrasts":[{"direction":"same_key","amount":1}]}"#,
            named: "contrasts[0].amount"),
        BadParameters(
            method: "Similar",
            parameters: #"{"queries":[{"path":"/a"}],"segments":true,"contrasts":[{"direction":"darker"}]}"#,
            named: "contrasts"),
        BadParameters(
            method: "Similar",
            parameters:
                #"{"queries":[{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}],"contrasts":[{"direction":"darker"}]}"#,
            named: "contrasts"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"segments":true,"rerank":true}"#,
            named: "rerank"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"metric":"codes","rerank":true}"#,
            named: "rerank"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}],"rerank":true}"#,
            named: "rerank"),
        BadParameters(
            method: "Similar", parameters: #"{"queries":[{"path":"/a"},{"path":"/b"}],"blend":true,"rerank":true}"#,
            named: "rerank"),
        BadParameters(method: "Similar", parameters: #"{"queries":[{"path":"/a"}],"rerank":1}"#, named: "rerank"),
        BadParameters(method: "Follow", parameters: #"{"like":[]}"#, named: "like"),
        BadParameters(method: "Follow", parameters: #"{"like":[{"path":"a"}]}"#, named: "like[0].path"),
        BadParameters(method: "Follow", parameters: #"{"max_distance":-1}"#, named: "max_distance"),
        BadParameters(method: "Follow", parameters: #"{"since":-1}"#, named: "since"),
        BadParameters(method: "Follow", parameters: #"{"since":"1"}"#, named: "since"),
        BadParameters(method: "Follow", parameters: #"{"snapshot":true,"since":1}"#, named: "snapshot"),
        BadParameters(method: "Follow", parameters: #"{"snapshot":true,"like":[{"path":"/a"}]}"#, named: "snapshot"),
        BadParameters(method: "Info", parameters: #"{"path":"a\u0000b"}"#, named: "path"),
        BadParameters(method: "AddFolder", parameters: #"{"path":"a"}"#, named: "path"),
        BadParameters(method: "RemoveFolder", parameters: #"{"path":"a"}"#, named: "path"),
        BadParameters(method: "Retrain", parameters: #"{"wait":1}"#, named: "wait"),
        BadParameters(method: "Evaluate", parameters: #"{"labels":[]}"#, named: "labels"),
        BadParameters(method: "Evaluate", parameters: #"{"labels":[{"path":"/a"}]}"#, named: "labels[0].label"),
        BadParameters(
            method: "Evaluate", parameters: #"{"labels":[{"path":"a","label":"x"}]}"#, named: "labels[0].path"),
        BadParameters(method: "Evaluate", parameters: #"{"exclude_same":["size"]}"#, named: "exclude_same[0]"),
        BadParameters(method: "Evaluate", parameters: #"{"exclude_same":["pitch"]}"#, named: "exclude_same"),
        BadParameters(method: "Evaluate", parameters: #"{"queries":0}"#, named: "queries"),
        BadParameters(method: "Evaluate", parameters: #"{"seed":-1}"#, named: "seed"),
        BadParameters(method: "Verify", parameters: #"{"queries":0}"#, named: "queries"),
        BadParameters(
            method: "FindPath", parameters: #"{"from":{"path":"/a"},"to":{"path":"/b"},"count":1}"#, named: "count"),
        BadParameters(
            method: "FindPath", parameters: #"{"from":{"path":"/a"},"to":{"path":"/b"},"count":101}"#, named: "count"),
        BadParameters(method: "FindPath", parameters: #"{"from":{"path":"a"},"to":{"path":"/b"}}"#, named: "from.path"),
        BadParameters(
            method: "FindPath", parameters: #"{"from":{"path":"/a"},"to":{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}}"#,
            named: "to.code"),
    ]

    @Test("Names the parameter that is wrong", arguments: badParameters)
    func wrongParameters(bad: BadParameters) throws {
        let library = FakeLibrary()
        let found = try replies(
            to: #"{"method":"org.timbred.Library.\#(bad.method)","more":true,"parameters":\#(bad.parameters)}"#,
            library: library)
        #expect(
            found == [
                #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"\#(bad.named)"}}"#
            ])
        #expect(library.asked.withLock { $0.isEmpty } && library.evaluated.withLock { $0.isEmpty })
    }

    @Test func tellsOfItself() throws {
        #expect(
            try replies(to: #"{"method":"org.varlink.service.GetInfo"}"#) == [
                #"{"parameters":{"interfaces":["org.varlink.service","org.timbred.Library"],"product":"timbred","#
                    + #""url":"https://example.org","vendor":"timbred","version":"1.2"}}"#
            ])
    }

    @Test("Lets the owner and root change things, members look, and strangers nothing")
    func permissions() throws {
        let root = Peer(user: 0, groups: [0], process: 1)
        let policy = AccessPolicy(owner: 1000, group: 50)
        #expect(
            [Self.owner, root, Self.member, Self.stranger].map(policy.access) == [
                .change, .change, .read, .nothing,
            ])
        #expect(AccessPolicy(owner: 1000).access(of: Self.member) == .nothing)

        let denied = [#"{"error":"org.varlink.service.PermissionDenied","parameters":{}}"#]
        let pause = #"{"method":"org.timbred.Library.Pause"}"#
        #expect(try replies(to: pause) == [#"{"parameters":{"state":"paused"}}"#])
        #expect(try replies(to: pause, from: Self.member) == denied)
        #expect(try replies(to: #"{"method":"org.timbred.Library.Sync"}"#, from: Self.member) != denied)
        for method in ["org.timbred.Library.Status", "org.varlink.service.GetInfo", "a.b"] {
            #expect(try replies(to: #"{"method":"\#(method)"}"#, from: Self.stranger) == denied)
        }
    }

    @Test("Only these verbs change something")
    func changingVerbs() throws {
        let changing = [
            "Retry", "AddFolder", "RemoveFolder", "Pause", "Resume", "Reload", "Retrain", "UseModel", "ImportModel",
            "Prune", "LearnMap", "Backup", "Restore", "Rebase",
        ]
        let looking = [
            "Similar", "Random", "List", "Info", "Status", "Errors", "ListFolders", "Scan", "Sync", "ListModels",
            "ShowModel", "ExportModel", "Verify", "Explain", "Evaluate", "Duplicates", "Look", "Follow", "FindPath",
            "Map", "Compare", "Odd", "Numbers", "Changes", "Vectors", "Distances",
        ]
        let all = LibraryInterface.methods(of: FakeLibrary()).map(\.name)
        #expect(Set(changing + looking) == Set(all) && changing.count + looking.count == all.count)
        let denied = #"{"error":"org.varlink.service.PermissionDenied","parameters":{}}"#
        for name in changing + looking {
            let found = try replies(
                to: #"{"method":"org.timbred.Library.\#(name)","more":true,"parameters":{}}"#, from: Self.member)
            #expect((found == [denied]) == changing.contains(name), "\(name)")
            #expect(!found.contains { $0.contains("NotFound") }, "\(name)")
        }
    }

    struct Oddity: Error, CustomStringConvertible {
        var description: String { "the disk sang" }
    }

    @Test func anUnknownErrorIsInternal() throws {
        #expect(
            try replies(to: #"{"method":"org.timbred.Library.Status"}"#, library: FakeLibrary(failure: Oddity()))
                == [#"{"error":"org.timbred.Library.Internal","parameters":{"reason":"the disk sang"}}"#])
    }
}
