import Platform
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// Folders that are compared, and sounds that nothing is like.
@Suite(.timeLimit(.minutes(10)))
struct NeighbourTests {
    private let library: StoredLibrary
    private let test: TestResponder
    private var index: TimbreIndex { library.index }

    init() throws {
        library = try StoredLibrary(smallModelWithVectors())
        var generator = SeededGenerator(seed: 5)
        for number in 0..<40 {
            let frames = (0..<1 + generator.index(below: 40)).map { _ in "\(generator.index(below: 9))" }
            try library.add(
                frames.joined(separator: " "), to: "\(["one", "two", "two/three"][number % 3])/\(number).wav")
        }
        try library.add("3 3 4", to: "one/kick.wav")
        try library.add("3 3 4", to: "two/copy.wav")
        try library.add("- - -", to: "one/silence.wav")
        test = try TestResponder(library)
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }

    /// The files below a folder that have a vector.
    private func heard(_ folder: String) -> [Int64] {
        index.ids.filter { id in
            index.path(of: id).map { library.name(of: $0) }?.hasPrefix(folder) ?? false && index.vector(of: id) != nil
        }
    }

    private func nearest(_ file: Int64, _ others: [Int64]) throws -> (file: Int64, squared: Int)? {
        let vector = try #require(index.vector(of: file))
        return try others.map { ($0, try #require(index.vector(of: $0)).squaredDistance(to: vector)) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }
    }

    private func compare(_ a: String, _ b: String) throws -> [ComparedFile] {
        var files: [ComparedFile] = []
        files += try test.responder.compare(Compare.Parameters(a: path(a), b: path(b)), from: .owner) {
            files += $0.files
        }.files
        return files
    }

    @Test("Each file has its nearest of the other folder", arguments: [("one", "two"), ("two", "two/three")])
    func nearest(a: String, b: String) throws {
        let files = try compare(a, b)
        let (ofA, ofB) = (heard(a + "/"), heard(b + "/"))
        let compared = files.filter { $0.nearest != nil }
        #expect(compared.map(\.path.bytes) == (ofA + ofB).compactMap(index.path(of:)))
        #expect(compared.map(\.side) == ofA.map { _ in .a } + ofB.map { _ in .b })
        for (place, file) in (ofA + ofB).enumerated() {
            let others = (place < ofA.count ? ofB : ofA).filter { $0 != file }
            let expected = try #require(try nearest(file, others))
            let row = compared[place]
            #expect(row.nearest?.bytes == index.path(of: expected.file))
            #expect(row.distance == library.library.snapshot.generation.distance(fromSquared: Double(expected.squared)))
            #expect(row.hasCounterpart == ((row.score ?? 0) >= 0.5))
        }
    }

    @Test func aSilentFileHasNoCounterpart() throws {
        let silent = try compare("two", "one").filter { $0.nearest == nil }
        #expect(silent.isEmpty || silent.map(\.path) == [path("one/silence.wav")])
        #expect(silent.allSatisfy { !$0.hasCounterpart && $0.distance == nil && $0.score == nil })
    }

    @Test func whatCannotBeComparedIsSaid() throws {
        #expect(throws: LibraryError.notWatched(WirePath("/etc".utf8))) {
            try test.responder.compare(
                Compare.Parameters(a: path("one"), b: WirePath("/etc".utf8)), from: .owner, send: { _ in })
        }
        let empty = #expect(throws: LibraryError.self) { try compare("one", "nothing") }
        guard case .emptyQuery(let reason) = empty else {
            Issue.record("\(String(describing: empty))")
            return
        }
        #expect(reason.contains("nothing has no searchable file"))
    }

    private func odd(_ change: (inout Odd.Parameters) -> Void = { _ in }) throws -> Odd.Reply {
        var parameters = Odd.Parameters(count: 1000)
        change(&parameters)
        return try test.responder.odd(parameters, from: .owner) { #expect($0.results.isEmpty) }
    }

    @Test func theOddestHaveTheFarthestNeighboursAndCopiesAreOneSound() throws {
        let copy = try #require(try library.file("two/copy.wav")).id
        let sounds = heard("").filter { $0 != copy }
        let plain = try sounds.map { file in
            (file: file, nearest: try #require(try nearest(file, sounds.filter { $0 != file })))
        }
        .sorted { ($1.nearest.squared, $0.file) < ($0.nearest.squared, $1.file) }
        let found = try odd().results
        #expect(found.map(\.path.bytes) == plain.compactMap { index.path(of: $0.file) })
        #expect(found.map(\.nearest.bytes) == plain.compactMap { index.path(of: $0.nearest.file) })
        #expect(found.map(\.rank) == Array(1...found.count))
        #expect(try odd { $0.count = 3 }.results == Array(found.prefix(3)))
    }

    @Test func onlyWhatAFilterAdmitsIsCompared() throws {
        let found = try odd { $0.filter = FileFilter(under: path("two")) }.results
        #expect(Set(found.map(\.path.bytes)) == Set(heard("two/").compactMap(index.path(of:))))
        #expect(found.allSatisfy { library.name(of: $0.nearest.bytes).hasPrefix("two/") })
        let none = try odd { $0.filter = FileFilter(under: path("two"), channels: 5) }
        #expect(
            none.results.isEmpty && none.nothing?.left == 0
                && none.nothing?.filters.map(\.files) == [heard("two/").count, 0])
        #expect(try odd { $0.filter = FileFilter(under: path("two/copy.wav")) }.nothing?.left == 1)
    }

    @Test func newsComesTenTimesASecondAtMost() {
        let start = ContinuousClock.now
        var pace = NewsPace(total: 9)
        #expect(pace.step(at: start) == nil)
        #expect(pace.step(at: start + .milliseconds(99)) == nil)
        #expect(pace.step(at: start + .milliseconds(100)) == Progress(done: 3, total: 9))
        #expect(pace.tell(7, at: start + .milliseconds(150)) == nil)
        #expect(pace.tell(8, at: start + .milliseconds(200)) == Progress(done: 8, total: 9))
    }
}
