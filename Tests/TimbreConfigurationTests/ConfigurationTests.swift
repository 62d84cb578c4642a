import Foundation
import SystemPackage
import TestFiles
import Testing

@testable import TimbreConfiguration

struct ConfigurationTests {
    let file: FilePath = "/etc/timbred/timbred.toml"

    func read(_ text: String, home: FilePath? = "/home/alice") throws -> Configuration {
        try ConfigurationReader(text: text, file: file, home: home).read().configuration
    }

    @Test func everyKeyIsRead() throws {
        let read = try read(
            """
            watch = ["~/Samples", "/srv/loops/", "~/Samples"]
            exclude = ["*.tmp"]
            video = ["MP4", "mkv", "mp4"]
            archives = false
            max_archive_members = 1000
            max_archive_member_size = "64MB"
            max_archive_size = "2 tb"
            max_archive_ratio = 30
            follow_symlinks = true
            settle = "1.5s"
            workers = 3
            max_file_duration = "1h 30m"
            [retrain]
            centroids = 64
            seed = 7
            [cluster]
            shards = ["host=a dbname=sounds", "postgresql://b/sounds"]
            deadline = "500ms"
            open = "scp {host}:{path} ."
            follow_model = true
            """)
        var expected = Configuration()
        expected.watch = ["/home/alice/Samples", "/srv/loops"]
        expected.exclude = [Array("*.tmp".utf8)]
        expected.video = ["mp4", "mkv"]
        expected.archives = false
        (expected.archiveLimits.members, expected.archiveLimits.memberSize) = (1000, 64 << 20)
        (expected.archiveLimits.size, expected.archiveLimits.ratio) = (2 << 40, 30)
        expected.followSymlinks = true
        expected.settle = .milliseconds(1500)
        expected.workers = 3
        expected.maxFileDuration = .seconds(5400)
        expected.retrain.centroids = 64
        expected.retrain.seed = 7
        expected.cluster.shards = ["host=a dbname=sounds", "postgresql://b/sounds"]
        expected.cluster.deadline = .milliseconds(500)
        expected.cluster.open = "scp {host}:{path} ."
        expected.cluster.followModel = true
        #expect(read == expected)
    }

    @Test func theShippedFileShowsEveryKeyWithItsDefault() throws {
        let shipped = try String(contentsOf: repository.appending(path: "Config/timbred.toml"), encoding: .utf8)
        var defaults = Configuration()
        #expect(try read(shipped) == defaults)
        let keys = shipped.split(separator: "\n").filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }
        #expect(keys.count == 18)
        defaults.watch = ["/home/alice/Samples"]
        defaults.cluster.shards = ["db1", "db2"].map {
            "host=\($0) dbname=sounds user=studio1 sslmode=verify-full"
        }
        defaults.cluster.open = "ssh {host} timbrectl cat {path:remote}"
        let shown = shipped.split(separator: "\n").map { $0.hasPrefix("# ") ? $0 : $0.drop { $0 == "#" } }
        #expect(try read(shown.joined(separator: "\n")) == defaults)
    }

    @Test func anEmptyFileHasTheDefaults() throws {
        let read = try read("")
        #expect(read.exclude == ["*.part", "*.crdownload", ".*"].map { Array($0.utf8) })
        #expect(!read.followSymlinks)
        #expect(read.settle == .milliseconds(250))
        #expect(read.workers == 0)
        #expect(read.maxFileDuration == .seconds(14_400))
        #expect(read.retrain.centroids == 128)
        #expect(read.retrain.seed == 1)
    }

    @Test(
        "Brackets that are closed, or stand for themselves on purpose, are no mistake",
        arguments: ["[[]", "take ]", "[0-9]?", "[]]", "[!]a]", "[^a-z]*", "\\[", "[\\]]", "[a-]", "[a][b]", "[]-a]"])
    func closedBracket(pattern: String) throws {
        #expect(try read("exclude = ['\(pattern)']").exclude == [Array(pattern.utf8)])
    }

    struct Mistake: Sendable {
        var text: String
        var says: String

        init(_ text: String, _ says: String) {
            self.text = text
            self.says = says
        }
    }

    static let mistakes = [
        Mistake("\n\nsettle = \"fast\"", ":3: settle: \"fast\" is not a duration; write for example \"250ms\""),
        Mistake("settle = 250", ":1: settle: a number without a unit is not a duration; write for example \"250ms\""),
        Mistake("settle = true", ":1: settle: a bool, but this must be a duration in quotes, for example \"250ms\""),
        Mistake("settle = \"2h\"", ":1: settle: \"2h\" is out of range; this must lie between \"0ms\" and \"1h\""),
        Mistake("archives = \"yes\"", "a string, but this must be true or false"),
        Mistake("max_archive_member_size = 256", "an integer, but this must be a size in quotes"),
        Mistake("max_archive_member_size = \"much\"", "\"much\" is not a size; write for example \"128 MB\""),
        Mistake("max_archive_member_size = \"2 GB\"", "out of range; this must lie between 1 MB and 1024 MB"),
        Mistake("max_archive_size = \"99999999999999999999 GB\"", "is not a size"),
        Mistake("max_archive_ratio = 1", "1 is out of range; this must be an integer from 2 to 1000000"),
        Mistake("max_archive_members = 0", "0 is out of range"),
        Mistake("max_file_duration = \"0s\"", "\"0s\" is out of range; this must lie between \"1s\" and \"7d\""),
        Mistake("# a\nwatch = \"~/Samples\"", ":2: watch: a string, but this must be a list of strings"),
        Mistake("watch = [\"/a\",\n 5]", ":2: watch: item 2 of the list is of type integer, but must be a string"),
        Mistake("watch = [\"Samples\"]", ":1: watch: \"Samples\" is not absolute; write for example \"/srv/samples\""),
        Mistake("watch = [\"~bob/x\"]", ":1: watch: \"~bob/x\": only one's own home is known"),
        Mistake("exclude = [\"a/b\"]", ":1: exclude: \"a/b\" contains a slash"),
        Mistake("video = [\".mp4\"]", ":1: video: \".mp4\" is no extension; write up to seven letters and digits"),
        Mistake("video = [\"\"]", ":1: video: \"\" is no extension"),
        Mistake("exclude = [\"\"]", ":1: exclude: an empty pattern matches no name"),
        Mistake("workers = -1", ":1: workers: -1 is out of range; this must be an integer from 0 to 256"),
        Mistake("workers = 1.0", ":1: workers: a floating-point number, but this must be an integer from 0 to 256"),
        Mistake("follow_symlinks = \"no\"", ":1: follow_symlinks: a string, but this must be true or false"),
        Mistake("\nwacth = []", ":2: wacth: unknown key; known are watch, exclude, video,"),
        Mistake("[retrain]\n\ncentroids = 129", ":3: retrain.centroids: 129 is out of range; this must be an integer"),
        Mistake(
            "retrain = { seed = -1 }", ":1: retrain.seed: -1 is out of range; this must be an integer of 0 or more"),
        Mistake("workers = 1\n[retrain]\nfoo = 1", ":3: retrain.foo: unknown key; known in retrain are"),
        Mistake(
            "[cluster]\nshard = 1",
            ":2: cluster.shard: unknown key; known in cluster are shards, deadline, open and follow_model"),
        Mistake("[cluster]\nshards = \"host=a\"", ":2: cluster.shards: a string, but this must be a list of strings"),
        Mistake("[cluster]\nshards = [\"host=a\", \"host=a\"]", ":2: cluster.shards: two shards have the same address"),
        Mistake("[cluster]\ndeadline = \"1ms\"", ":2: cluster.deadline: \"1ms\" is out of range"),
        Mistake("retrain = 5", ":1: retrain: an integer, but this must be a table"),
        Mistake("[other]\nx = 1", ":1: other: unknown key"),
        Mistake("workers = 1\nworkers = 2", ":2: "),
        Mistake("watch = [\n", ":"),
        Mistake("settle 5", ":1: "),
    ]

    @Test("A mistake is one line that names its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let error = #expect(throws: ConfigurationError.self) { try read(mistake.text) }
        let line = try #require(error).description
        #expect(line.hasPrefix("/etc/timbred/timbred.toml:"))
        #expect(line.contains(mistake.says), "\(line)")
        #expect(!line.contains("\n"))
    }

    @Test func aHomeIsNeededOnlyForATilde() throws {
        #expect(try read("watch = [\"/srv\"]", home: nil).watch == ["/srv"])
        #expect(throws: ConfigurationError.self) { try read("watch = [\"~/Samples\"]", home: nil) }
        #expect(try read("watch = [\"~\", \"~/a/../b\"]").watch == ["/home/alice", "/home/alice/b"])
    }
}
