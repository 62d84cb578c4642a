import Platform
import SoundFeatures
import TestBands
import TestIngest
import TestModels
import Testing
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// Three sounds that are unlike each other, and recordings of hiss in which they are planted.
enum Planted {
    /// A sound of 18 frames that dies away.
    enum Kind: Int, CaseIterable {
        case low, middle, high
    }

    private static let sounds: [[[Float]]] = {
        var bands = MadeUpBands(seed: 3)
        return [8, 40, 85].map { bands.burst(18, from: $0, level: -25) }
    }()

    /// Levels of sounds one after the other, each from a frame on, over some background.
    private static func mixed(_ kinds: [(Kind, Int)], into background: [[Float]]) -> FeatureFrames {
        var levels = background
        for (kind, frame) in kinds { MadeUpBands.mix(sounds[kind.rawValue], into: &levels, at: frame) }
        let bands = MadeUpBands.stored(levels)
        return FeatureFrames(cepstra: features(Array(repeating: 1, count: levels.count)).cepstra, bands: bands)
    }

    /// Sounds with nothing around them.
    static func alone(_ kinds: [(Kind, Int)]) -> FeatureFrames {
        let count = (kinds.map(\.1).max() ?? 0) + 18
        return mixed(kinds, into: Array(repeating: Array(repeating: -110, count: 100), count: count))
    }

    /// Sounds in hiss.
    static func recording(_ count: Int, _ kinds: [(Kind, Int)], seed: UInt64) -> FeatureFrames {
        var bands = MadeUpBands(seed: seed)
        return mixed(kinds, into: bands.hiss(count))
    }

    /// When a frame begins, in seconds.
    static func time(_ frame: Int) -> Double { Double(frame) * 512 / 22_050 }
}

/// A library whose model has a network, and the answers that it gives.
final class PlaceLibrary {
    let library: StoredLibrary
    private let test: TestResponder

    /// Where the middle sound is in `field.wav`, and where others are.
    static let places = [60, 190, 333, 480, 610]
    static let others: [(Planted.Kind, Int)] = [(.low, 25), (.high, 120), (.low, 260), (.high, 545)]

    static let field = Planted.recording(700, places.map { (.middle, $0) } + others, seed: 1)

    init(hasEvents: Bool = true) throws {
        library = try StoredLibrary(smallModelWithNetwork(), hasEvents: hasEvents)
        try library.add(
            Planted.recording(500, [(.low, 100), (.high, 300)], seed: 2), to: "other.wav")
        try library.add(Self.field, to: "field.wav")
        try library.add(Planted.alone([(.middle, 0)]), to: "middle.wav")
        try library.add(Planted.alone([(.high, 0)]), to: "high.wav")
        test = try TestResponder(library)
    }

    func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }
    func sound(_ name: String) -> QuerySound { QuerySound(.file(path(name))) }

    /// A sound that is not in the library.
    func outside(_ frames: FeatureFrames) -> QuerySound {
        let features = QueryFeatures(
            sampleCount: frames.count * 512, duration: Planted.time(frames.count), cepstra: Base64(frames.cepstra),
            bands: Base64(frames.bands))
        return QuerySound(.features(features, path: nil))
    }

    var middle: QuerySound { outside(Planted.alone([(.middle, 0)])) }

    func reply(_ query: QuerySound, _ change: (inout Similar.Parameters) -> Void = { _ in }) throws -> Similar.Reply {
        var parameters = Similar.Parameters(queries: [query], count: 50, segments: true)
        change(&parameters)
        return try test.responder.similar(parameters, from: .owner)
    }

    func found(_ reply: Similar.Reply) -> [Found] {
        reply.results.map { Found(name: library.name($0.path), start: $0.start) }
    }

    /// What places are found.
    func places(_ query: QuerySound, _ change: (inout Similar.Parameters) -> Void = { _ in }) throws -> [Found] {
        found(try reply(query, change))
    }

    struct Found: CustomStringConvertible {
        var name: String
        var start: Double

        /// Whether it begins where a sound was planted, within a frame.
        func isAt(_ name: String, _ frame: Int) -> Bool {
            self.name == name && abs(start - Planted.time(frame)) < 0.03
        }

        var description: String { "\(name) \(start)" }
    }
}
