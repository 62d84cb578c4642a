import Platform
import SoundFeatures
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreDescriptors
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// Searches for what is near in all but one thing.
@Suite(.timeLimit(.minutes(10)))
struct ContrastsTests {
    private let library: StoredLibrary
    private let test: TestResponder

    /// Five sounds whose figures are given: each is brighter, shorter, noisier, slower and two semitones higher than the one
    /// before; the last has no pitch, and silence has nothing.
    init() throws {
        library = try StoredLibrary(
            of: [
                "a.wav": "1 1 2 1 1", "b.wav": "1 1 2 1 3", "c.wav": "1 2 2 1 3", "d.wav": "7 8 7 9",
                "e.wav": "7 8 7 8",
                "silence.wav": "- - -",
            ], smallModelWithVectors())
        test = try TestResponder(library)
        for (place, name) in ["a.wav", "b.wav", "c.wav", "d.wav", "e.wav"].enumerated() {
            let step = Double(place)
            let figures = SoundFigures(
                brightness: 500 * (1 + 0.2 * step), noisiness: 0.1 + 0.1 * step, attack: 0.02 * (1 + step),
                length: 4 / (1 + step), decay: 1,
                pitch: place == 4 ? nil : Pitch(hertz: 110 * Double(1 << place), confidence: 0.9))
            let file = try #require(try library.file(name))
            library.library.apply([.figures(file.id, figures)], isComplete: true)
        }
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }

    private func reply(
        _ names: [String], _ contrasts: [Contrast], _ change: (inout Similar.Parameters) -> Void = { _ in }
    ) throws -> Similar.Reply {
        var parameters = Similar.Parameters(queries: names.map { QuerySound(.file(path($0))) }, contrasts: contrasts)
        change(&parameters)
        return try test.responder.similar(parameters, from: .owner)
    }

    private func found(_ names: [String], _ contrasts: Contrast...) throws -> [String] {
        try reply(names, contrasts).results.map { library.name(of: $0.path.bytes) }.sorted()
    }

    @Test func resultsAreBeyondTheQueryInEachDirection() throws {
        let less = ["a.wav", "b.wav"]
        let more = ["d.wav", "e.wav"]
        #expect(try found(["c.wav"], Contrast(.darker)) == less)
        #expect(try found(["c.wav"], Contrast(.brighter)) == more)
        #expect(try found(["c.wav"], Contrast(.longer)) == less)
        #expect(try found(["c.wav"], Contrast(.shorter)) == more)
        #expect(try found(["c.wav"], Contrast(.purer)) == less)
        #expect(try found(["c.wav"], Contrast(.noisier)) == more)
        #expect(try found(["c.wav"], Contrast(.harderAttack)) == less)
        #expect(try found(["c.wav"], Contrast(.softerAttack)) == more)
        #expect(try found(["c.wav"], Contrast(.lower)) == less)
        #expect(try found(["c.wav"], Contrast(.higher)) == ["d.wav"])
        #expect(try found(["c.wav"], Contrast(.sameKey)) == ["a.wav", "b.wav", "d.wav"])
    }

    @Test func anAmountIsTheLeast() throws {
        // 700 Hz, of which 500 is less by a factor of 1.4.
        #expect(try found(["c.wav"], Contrast(.darker, amount: 1.39)) == ["a.wav"])
        #expect(try found(["c.wav"], Contrast(.darker, amount: 1.41)) == [])
        #expect(try found(["c.wav"], Contrast(.noisier, amount: 0.2)) == ["e.wav"])
        #expect(try found(["c.wav"], Contrast(.noisier, amount: 0.21)) == [])
        #expect(try found(["c.wav"], Contrast(.lower, amount: 24)) == ["a.wav"])
        #expect(try found(["c.wav"], Contrast(.longer, amount: 3)) == ["a.wav"])
        #expect(try found(["c.wav"], Contrast(.darker), Contrast(.lower, amount: 20)) == ["a.wav"])
        #expect(try found(["c.wav"], Contrast(.darker), Contrast(.shorter)) == [])
    }

    @Test func resultsAreBeyondAllOfSeveralSounds() throws {
        #expect(try found(["b.wav", "d.wav"], Contrast(.brighter)) == ["e.wav"])
        #expect(try found(["b.wav", "d.wav"], Contrast(.darker)) == ["a.wav"])
    }

    @Test func theOrderIsThatOfDistance() throws {
        let plain = try test.responder.similar(
            Similar.Parameters(queries: [QuerySound(.file(path("e.wav")))]), from: .owner)
        let darker = try reply(["e.wav"], [Contrast(.darker)])
        #expect(darker.results.map(\.path) == plain.results.map(\.path))
        #expect(darker.results.map(\.distance) == plain.results.map(\.distance))
        #expect(plain.results.allSatisfy { $0.figures == nil } && plain.query[0].figures == nil)
    }

    @Test func figuresAreTold() throws {
        let reply = try reply(["c.wav"], [Contrast(.sameKey), Contrast(.lower, amount: 20)])
        let figures = try #require(reply.results.first?.figures)
        #expect(figures.note == "A2" && abs(figures.brightness - 500) < 1 && abs(figures.length - 4) < 0.01)
        #expect(reply.query.first?.figures?.note == "A4")
        #expect(reply.complete)
    }

    @Test func aSoundFromElsewhereHasFigures() throws {
        let frames = features([7, 8, 7, 9])
        let outside = QueryFeatures(
            sampleCount: 4 * 512, duration: 0.1, cepstra: Base64(frames.cepstra), bands: Base64(frames.bands))
        let own = try #require(SoundFrames(bands: frames.bands).figures())
        var parameters = Similar.Parameters(
            queries: [QuerySound(.features(outside, path: nil))], contrasts: [Contrast(.longer)])
        let reply = try test.responder.similar(parameters, from: .owner)
        #expect(reply.query[0].figures == Figures(own))
        #expect(reply.results.count == 5)
        // Of the part there are figures as of a whole.
        parameters.at = TimeSpan(start: 0, end: 0.03)
        let part = try test.responder.similar(parameters, from: .owner).query[0].figures
        #expect(part?.length ?? 1 < own.length)
    }

    @Test func withoutAPitchThereIsNoKey() {
        for direction in [Contrast.Direction.sameKey, .lower, .higher] {
            let error = #expect(throws: LibraryError.self) { try found(["e.wav"], Contrast(direction)) }
            guard case .metricUnavailable(let reason)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason.contains("e.wav has no sure pitch"))
        }
    }

    @Test func whatHasNoFiguresYetMakesTheAnswerIncomplete() throws {
        let file = try #require(try library.file("a.wav"))
        library.library.apply([.figures(file.id, nil)], isComplete: true)
        let reply = try reply(["c.wav"], [Contrast(.darker)])
        #expect(reply.results.map { library.name(of: $0.path.bytes) } == ["b.wav"])
        #expect(!reply.complete)
        // Those of the query are read from its bands.
        #expect(try self.reply(["a.wav"], [Contrast(.darker)]).query[0].figures != nil)
    }

    @Test func aListTellsThem() throws {
        let info = try test.responder.info(path("d.wav"), from: .owner)
        let frames = features([7, 8, 7, 9])
        #expect(info.file.figures == SoundFrames(bands: frames.bands).figures().map(Figures.init))
        #expect(try test.responder.info(path("silence.wav"), from: .owner).file.figures == nil)
    }
}
