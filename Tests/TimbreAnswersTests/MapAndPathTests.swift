import Platform
import TestIngest
import TestModels
import Testing
import TimbreIndex
import TimbreMap
import TimbreTraining
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// Where sounds lie on the map, and which lead from one to another, as clients are told.
@Suite(.timeLimit(.minutes(10)))
struct MapAndPathTests {
    private let library: StoredLibrary
    private let test: TestResponder

    /// Sounds from frames along the first axis to frames along the second, a third of them in a folder of their own, a
    /// copy, and silence.
    init() throws {
        library = try StoredLibrary(smallModelWithVectors())
        for number in 0..<24 {
            let frames = (0..<24).map { $0 < number ? "2" : "1" }
            try library.add(frames.joined(separator: " "), to: "\(number % 3 == 0 ? "third" : "others")/\(number).wav")
        }
        try library.add((0..<24).map { $0 < 5 ? "2" : "1" }.joined(separator: " "), to: "copy of 5.wav")
        try library.add("- - -", to: "silence.wav")
        test = try TestResponder(library)
    }

    private func sound(_ name: String) -> QuerySound { QuerySound(.file(WirePath(library.path(name).bytes))) }
    private func names(_ paths: [WirePath]) -> [String] { paths.map { library.name(of: $0.bytes) } }

    private func path(
        _ from: String, _ to: String, count: Int? = nil, _ change: (inout FindPath.Parameters) -> Void = { _ in }
    ) throws -> [PathStep] {
        var parameters = FindPath.Parameters(from: sound(from), to: sound(to), count: count)
        change(&parameters)
        let reply = try test.responder.findPath(parameters, from: .owner)
        #expect(reply.complete)
        return reply.steps
    }

    // Paths.

    @Test func aPathLeadsOverSoundsThatLieBetween() throws {
        let steps = try path("third/0.wav", "others/23.wav", count: 6)
        let names = names(steps.compactMap(\.path))
        #expect(names.first == "third/0.wav" && names.last == "others/23.wav")
        #expect(steps.count > 2 && steps.count <= 6 && Set(names).count == steps.count)
        let direct = try path("third/0.wav", "others/23.wav", count: 2)[1].distance
        #expect(steps.allSatisfy { $0.distance < direct && $0.inLibrary })
        #expect(steps[0].distance == 0 && steps[0].score == 1)
        // What a search says of the two is said of the step.
        let similar = try test.responder.similar(
            Similar.Parameters(queries: [sound(names[0])], count: 100), from: .owner)
        let found = try #require(similar.results.first { $0.path == steps[1].path })
        #expect(found.distance == steps[1].distance && found.score == steps[1].score)
    }

    @Test func moreSoundsMakeTheGreatestStepSmallerOrLeaveIt() throws {
        let greatest: [Double] = try (2...10).map { count in
            let steps = try path("third/0.wav", "others/23.wav", count: count)
            return steps.map(\.distance).max() ?? 0
        }
        #expect(zip(greatest, greatest.dropFirst()).allSatisfy { $0 >= $1 } && greatest[0] > greatest[8])
    }

    @Test func aFilterIsForWhatLiesBetween() throws {
        let steps = try path("others/1.wav", "others/23.wav") {
            $0.filter = FileFilter(under: WirePath(self.library.path("third").bytes))
        }
        let between = names(steps.dropFirst().dropLast().compactMap(\.path))
        #expect(!between.isEmpty && between.allSatisfy { $0.hasPrefix("third/") })
    }

    @Test func copiesAreNoWay() throws {
        #expect(try path("others/5.wav", "copy of 5.wav").map(\.distance) == [0, 0])
        let names = names(try path("third/0.wav", "others/23.wav", count: 50).compactMap(\.path))
        #expect(!(names.contains("others/5.wav") && names.contains("copy of 5.wav")))
    }

    @Test func whatCannotBeOnAPathIsSaid() {
        #expect(throws: LibraryError.metricUnavailable(reason: Metric.tooFaint)) {
            try path("third/0.wav", "silence.wav")
        }
        #expect(throws: LibraryError.self) { try path("third/0.wav", "nobody.wav") }
    }

    // The map.

    private func map(_ parameters: Map.Parameters = Map.Parameters(paths: true)) throws -> [Map.Reply] {
        var replies: [Map.Reply] = []
        let last = try test.responder.map(parameters, from: .owner) { replies.append($0) }
        return replies + [last]
    }

    /// Keeps the map for a while.
    private func keepMap(until isRight: (MapSnapshot) -> Bool) throws {
        let ended = Promise<Void, any Error>()
        try DetachedThread.start { [keeper = test.map] in
            keeper.run()
            ended.fulfil(.success(()))
        }
        let deadline = ContinuousClock.now + .seconds(60)
        while !isRight(test.map.snapshot) {
            try #require(.now < deadline)
        }
        test.map.stop()
        try #require(try ended.wait(atMost: .seconds(20)) != nil)
    }

    @Test func withoutAMapThereAreNoPoints() throws {
        let replies = try map()
        #expect(replies.count == 1 && replies[0].state == .none && replies[0].points.bytes.isEmpty)
        #expect(replies[0].whole && replies[0].learnt == nil && replies[0].paths == [])
    }

    @Test func everyFileThatIsHeardIsOnTheMapWithItsFolder() throws {
        try keepMap { $0.files.count == 25 && $0.progress == nil }
        let reply = try #require(try map().first)
        #expect(reply.state == .ready && reply.whole && reply.sounds == 24 && reply.gone == [])
        let bytes = reply.points.bytes
        #expect(bytes.count == 25 * Map.stride)
        let paths = try #require(reply.paths)
        for (number, path) in paths.enumerated() {
            let row = bytes[number * Map.stride..<(number + 1) * Map.stride]
            let id = row.prefix(8).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            #expect(library.index.path(of: id) == path.bytes)
            let point = try #require(test.map.snapshot[id])
            func two(_ number: Int16) -> [UInt8] {
                [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
            }
            #expect(Array(row.dropFirst(8).prefix(4)) == two(point.x) + two(point.y))
            let folder = reply.folders[row.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }]
            #expect(
                path.bytes.starts(with: folder.bytes)
                    && !path.bytes.dropFirst(folder.bytes.count + 1).contains(UInt8(ascii: "/")))
        }
        #expect(reply.folders.count == 3)
        let later = try map(Map.Parameters(since: reply.version))
        #expect(!later[0].whole && later[0].points.bytes.isEmpty && later[0].paths == nil)
    }
}
