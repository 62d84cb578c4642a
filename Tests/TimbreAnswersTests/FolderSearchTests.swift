import Platform
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// Searches that have to do with folders, mixtures, and what is told of a search that finds nothing.
@Suite(.timeLimit(.minutes(10)))
struct FolderSearchTests {
    private let library: StoredLibrary
    private let test: TestResponder
    private var responder: Responder { test.responder }

    /// 60 sounds in five folders, one of them within another, some of them copies.
    init() throws {
        library = try StoredLibrary(smallModelWithVectors())
        var generator = SeededGenerator(seed: 11)
        for number in 0..<60 {
            let frames = (0..<1 + generator.index(below: 50)).map { _ in "\(generator.index(below: 9))" }
            try library.add(
                frames.joined(separator: " "), to: "\(["a", "b", "b/c", "d", "e"][number % 5])/\(number).wav")
        }
        try library.add("3 3 4", to: "a/Kick.WAV")
        try library.add("3 3 4", to: "d/copy.wav")
        try library.add("- - -", to: "e/silence.wav")
        test = try TestResponder(library)
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }
    private func names(_ paths: [WirePath]) -> [String] { paths.map { library.name(of: $0.bytes) } }
    private func sound(_ name: String) -> QuerySound { QuerySound(.file(path(name))) }

    private func similar(_ sounds: [String], _ change: (inout Similar.Parameters) -> Void = { _ in }) throws
        -> Similar.Reply
    {
        var parameters = Similar.Parameters(queries: sounds.map(sound), count: 1000)
        change(&parameters)
        return try responder.similar(parameters, from: .owner)
    }

    private func folder(_ name: String) -> Substring { name[..<(name.lastIndex(of: "/") ?? name.startIndex)] }

    /// The plain definition of at most so many of a folder.
    private func limited(_ names: [String], to limit: Int) -> [String] {
        var counts: [Substring: Int] = [:]
        return names.filter { name in
            counts[folder(name), default: 0] += 1
            return counts[folder(name), default: 0] <= limit
        }
    }

    @Test(
        "The nearest are those of all files of which a folder has few", arguments: [1, 2, 5, 100],
        [Metric.timbre, .codes])
    func perFolder(limit: Int, metric: Metric) throws {
        for query in ["a/0.wav", "b/1.wav", "b/c/2.wav", "a/Kick.WAV"] {
            for (isSelf, not) in [(false, nil), (true, nil), (false, [sound("d/3.wav")])] as [(Bool, [QuerySound]?)] {
                let change = { (parameters: inout Similar.Parameters) in
                    (parameters.metric, parameters.includeSelf, parameters.not) = (metric, isSelf, not)
                }
                let all = names(try similar([query], change).results.map(\.path))
                for count in [1, 3, 1000] {
                    let found = try similar([query]) {
                        change(&$0)
                        ($0.perFolder, $0.count) = (limit, count)
                    }.results
                    #expect(names(found.map(\.path)) == Array(limited(all, to: limit).prefix(count)))
                    #expect(found.map(\.rank) == Array(1...max(1, found.count)))
                }
            }
        }
    }

    @Test func whatLiesBelowAFolderIsLeftOut() throws {
        let all = names(try similar(["a/0.wav"]).results.map(\.path))
        let found = try similar(["a/0.wav"]) { $0.filter = FileFilter(notUnder: [path("b"), path("d/copy.wav")]) }
        #expect(names(found.results.map(\.path)) == all.filter { !$0.hasPrefix("b/") && $0 != "d/copy.wav" })
        let both = try similar(["a/0.wav"]) { $0.filter = FileFilter(under: path("b"), notUnder: [path("b/c")]) }
        #expect(names(both.results.map(\.path)) == all.filter { $0.hasPrefix("b/") && !$0.hasPrefix("b/c/") })
    }

    @Test func aFolderIsSearchedByTheMiddleOfItsSounds() throws {
        let reply = try similar(["b"])
        #expect(reply.query.map(\.path) == [path("b")] && reply.query[0].sounds == 24)
        #expect(reply.query[0].inLibrary && reply.query[0].duration == nil)
        let metric = try #require(library.library.snapshot.generation.model.metric)
        let index = library.index
        let own = index.ids.filter { index.path(of: $0).map { library.name(of: $0) }?.hasPrefix("b/") ?? false }
        let middle = try #require(metric.middle(of: own.compactMap(index.vector(of:))))
        let others = index.ids.filter { !own.contains($0) && index.vector(of: $0) != nil }
        let plain = others.sorted {
            (index.vector(of: $0)!.squaredDistance(to: middle), $0) < (
                index.vector(of: $1)!.squaredDistance(to: middle), $1
            )
        }
        #expect(reply.results.map(\.path.bytes) == plain.compactMap(index.path(of:)))
        #expect(
            names(try similar(["b"]) { $0.includeSelf = true }.results.map(\.path)).count == plain.count + own.count)
        // What is wanted can be one folder, what is not another.
        let away = try similar(["b"]) { $0.not = [sound("d")] }
        #expect(!away.results.contains { names([$0.path])[0].hasPrefix("d/") })
    }

    @Test func whatAFolderCannotBeAskedForIsSaid() throws {
        #expect(throws: LibraryError.varlink(.invalidParameter("at"))) {
            try similar(["b"]) { $0.at = TimeSpan(start: 0, end: 1) }
        }
        #expect(throws: LibraryError.self) { try similar(["b"]) { $0.metric = .codes } }
        let unknown = #expect(throws: LibraryError.self) { try similar(["none"]) }
        guard case .notIndexed(path("none"), nil, _) = unknown else {
            Issue.record("\(String(describing: unknown))")
            return
        }
    }

    @Test func aMixtureOfASoundWithItselfIsTheSound() throws {
        let one = try similar(["a/0.wav"])
        let two = try similar(["a/0.wav", "a/0.wav"]) { $0.blend = true }
        #expect(two.results.map(\.path) == one.results.map(\.path))
        #expect(two.results.map(\.distance) == one.results.map(\.distance))
        let mixed = try similar(["a/0.wav", "d/3.wav"]) { $0.blend = true }
        let near = try similar(["a/0.wav", "d/3.wav"])
        #expect(mixed.results.map(\.path) != near.results.map(\.path) && mixed.results.count == near.results.count)
        #expect(names(mixed.query.compactMap(\.path)) == ["a/0.wav", "d/3.wav"])
        #expect(throws: LibraryError.self) {
            try similar(["a/0.wav", "d/3.wav"]) { ($0.blend, $0.metric) = (true, .codes) }
        }
    }

    // Why nothing is found.

    private func nothing(_ change: (inout Similar.Parameters) -> Void) throws -> EmptyAnswer? {
        let reply = try similar(["a/0.wav"], change)
        #expect(reply.results.isEmpty)
        return reply.nothing
    }

    @Test func eachConditionIsCounted() throws {
        #expect(try similar(["a/0.wav"]).nothing == nil)
        let all = 61
        let kicks = try #require(
            try nothing { $0.filter = FileFilter(under: path("b"), glob: WirePath("*kick*".utf8)) })
        #expect(
            kicks
                == EmptyAnswer(
                    files: all,
                    filters: [FilterCount(.under, files: 24), FilterCount(.glob, files: 0, ignoringCase: 1, paths: 0)],
                    left: 0,
                    offline: 0))
        let paths = try #require(try nothing { $0.filter = FileFilter(glob: WirePath("*d*copy*".utf8)) })
        #expect(paths.filters == [FilterCount(.glob, files: 0, ignoringCase: 0, paths: 1)])
        let none = try #require(
            try nothing { $0.filter = FileFilter(notUnder: [path("e")], maxDuration: 1000, channels: 7) })
        #expect(none.filters.map(\.condition) == [.notUnder, .maxDuration, .channels])
        #expect(none.filters.map(\.files) == [all - 12, all, 0])
    }

    @Test func whatIsAwayIsCountedToo() throws {
        try library.takeAway("d/copy.wav")
        let away = try #require(try nothing { $0.filter = FileFilter(under: path("d/copy.wav")) })
        #expect(away.offline == 1 && away.left == 0 && away.filters == [FilterCount(.under, files: 0)])
        #expect(try nothing { ($0.filter, $0.offline) = (FileFilter(channels: 7), true) }?.offline == nil)
    }

    @Test func theNearestTellsThatItIsTheDistanceOrAnotherSound() throws {
        let best = try #require(try similar(["a/0.wav"]).results.first)
        let far = try #require(try nothing { $0.maxDistance = best.distance / 2 })
        #expect(far.left == far.files && far.distance == best.distance && far.score == best.score)
        let away = try #require(
            try nothing {
                ($0.not, $0.filter) = ([sound("d/copy.wav")], FileFilter(under: path("a/Kick.WAV")))
            })
        #expect(away.left == 1 && away.distance != nil)
    }

    @Test func aDrawOfNothingIsExplained() throws {
        let drawn = try responder.random(Random.Parameters(filter: FileFilter(channels: 7)), from: .owner)
        #expect(drawn.nothing?.filters == [FilterCount(.channels, files: 0)] && drawn.nothing?.files == 62)
        #expect(try responder.random(Random.Parameters(), from: .owner).nothing == nil)
    }
}
