import Platform
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreWire

@testable import TimbreAnswers

/// Searches whose answers have each sound once, held against the plain definition.
@Suite(.timeLimit(.minutes(10)))
struct DistinctSearchTests {
    private let library: StoredLibrary
    private let test: TestResponder
    /// What each file sounds like.
    private var sounds: [String: String] = [:]

    /// 25 sounds, of which each has up to four copies in five folders.
    init() throws {
        library = try StoredLibrary(smallModelWithVectors())
        var generator = SeededGenerator(seed: 4)
        for number in 0..<25 {
            let sound = (0..<1 + generator.index(below: 60)).map { _ in "\(generator.index(below: 9))" }
                .joined(separator: " ")
            for copy in 0...number % 5 {
                let name = "\(["a", "b", "b/c", "d", "e"][(number + copy) % 5])/\(number) \(copy).wav"
                try library.add(sound, to: name)
                sounds[name] = sound
            }
        }
        test = try TestResponder(library)
    }

    private func similar(
        _ query: String, _ change: (inout Similar.Parameters) -> Void = { _ in }
    ) throws -> [SimilarResult] {
        let path = WirePath(library.path(query).bytes)
        var parameters = Similar.Parameters(queries: [QuerySound(.file(path))], count: 1000)
        change(&parameters)
        return try test.responder.similar(parameters, from: .owner).results
    }

    private func names(_ results: [SimilarResult]) -> [String] { results.map { library.name(of: $0.path.bytes) } }

    /// The plain definition: in the order of all files, each whose sound has not come before, and whose folder has room.
    private func once(_ names: [String], besides query: String?, perFolder: Int?) -> [String] {
        var known = Set([query.flatMap { sounds[$0] }].compactMap(\.self))
        var counts: [Substring: Int] = [:]
        return names.filter { name in
            let folder = name[..<(name.lastIndex(of: "/") ?? name.startIndex)]
            guard let sound = sounds[name], !known.contains(sound), counts[folder, default: 0] < perFolder ?? .max
            else {
                return false
            }
            known.insert(sound)
            counts[folder, default: 0] += 1
            return true
        }
    }

    @Test(
        "Of copies one is found, and as many sounds as were asked for",
        arguments: [Metric.timbre, .codes], [nil, 1, 3] as [Int?])
    func distinct(metric: Metric, perFolder: Int?) throws {
        for query in ["a/0 0.wav", "e/4 0.wav", "d/23 0.wav"] {
            for isSelf in [false, true] {
                let all = names(try similar(query) { ($0.metric, $0.includeSelf) = (metric, isSelf) })
                #expect(all.count > 60)
                let expected = once(all, besides: isSelf ? nil : query, perFolder: perFolder)
                for count in [1, 4, 10, 1000] {
                    let found = try similar(query) {
                        ($0.metric, $0.includeSelf, $0.perFolder) = (metric, isSelf, perFolder)
                        ($0.distinct, $0.count) = (true, count)
                    }
                    #expect(names(found) == Array(expected.prefix(count)))
                    #expect(found.map(\.rank) == Array(1...max(found.count, 1)))
                }
            }
        }
    }

    /// One file that is asked with may have no room in its folder, and then a copy of it elsewhere is the first.
    @Test("With the files that are asked with", arguments: [1, 2])
    func distinctWithSeveralOfItsOwn(perFolder: Int) throws {
        for names in [["a/0 0.wav", "a/24 1.wav"], ["e/4 0.wav", "e/24 0.wav", "a/24 1.wav"]] {
            let queries = names.map { QuerySound(.file(WirePath(library.path($0).bytes))) }
            let all = self.names(
                try similar(names[0]) { ($0.queries, $0.includeSelf) = (queries, true) })
            let expected = once(all, besides: nil, perFolder: perFolder)
            for count in [1, 4, 1000] {
                let found = try similar(names[0]) {
                    ($0.queries, $0.includeSelf, $0.perFolder) = (queries, true, perFolder)
                    ($0.distinct, $0.count) = (true, count)
                }
                #expect(self.names(found) == Array(expected.prefix(count)))
            }
        }
    }

    @Test("Of spans those of one copy are found", arguments: [Metric.timbre, .codes])
    func spans(metric: Metric) throws {
        let query = "e/4 0.wav"
        let all = try similar(query) { ($0.metric, $0.segments) = (metric, true) }
        var holders: [String: String] = [sounds[query] ?? "": query]
        let expected = all.filter { result in
            let name = library.name(of: result.path.bytes)
            let holder = holders[sounds[name] ?? "", default: name]
            holders[sounds[name] ?? ""] = holder
            return holder == name
        }
        #expect(expected.count < all.count)
        for count in [1, 10, 1000] {
            let found = try similar(query) {
                ($0.metric, $0.segments, $0.distinct, $0.count) = (metric, true, true, count)
            }
            #expect(found.map(\.path) == expected.prefix(count).map(\.path))
            #expect(found.map(\.start) == expected.prefix(count).map(\.start))
        }
    }

    @Test func whereAllOthersAreCopiesThatIsTold() throws {
        let query = QuerySound(.file(WirePath(library.path("d/3 0.wav").bytes)))
        let reply = try test.responder.similar(
            Similar.Parameters(
                queries: [query], distinct: true, filter: FileFilter(glob: WirePath("3 *".utf8))), from: .owner)
        #expect(reply.results.isEmpty && reply.nothing?.left == 3 && reply.nothing?.distance == nil)
    }
}
