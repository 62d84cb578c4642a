import SoundFeatures
import TimbreCodes

/// Tags as a library of loops and songs has them, made up.
///
/// Of ten files nine have a title; half have an artist and an album, a quarter a comment, a quarter a tempo between 60 and 200
/// beats per minute, and a fifth a key.
struct MadeUpTags {
    private var generator = SeededGenerator(seed: 7)

    private static let sounds = [
        "kick", "snare", "hat", "tom", "bass", "lead", "pad", "vox", "rim", "clap", "fx", "bell",
    ]
    private static let ways = [
        "deep", "hard", "tape", "dusty", "bright", "long", "dry", "wide", "soft", "odd", "clean",
    ]
    private static let syllables = ["ka", "lo", "mi", "ter", "son", "an", "be", "rud", "vil", "es", "dor", "qua"]
    private static let keys = ["C", "Am", "F#m", "Db minor", "8A", "E", "Gm", "Bb"]

    private mutating func chance(_ one: Int, in all: Int) -> Bool { generator.index(below: all) < one }
    private mutating func one(of words: [String]) -> String { words[generator.index(below: words.count)] }

    /// A name that one in some thousands has.
    private mutating func name() -> String {
        (0..<4).map { _ in one(of: Self.syllables) }.joined().capitalizedFirst
    }

    /// The tags of the next file.
    mutating func next() -> SoundTags {
        var tags = SoundTags()
        if chance(9, in: 10) {
            tags.title = "\(one(of: Self.ways)) \(one(of: Self.sounds)) \(generator.index(below: 1000))"
        }
        if chance(1, in: 2) { (tags.artist, tags.album) = ("\(name()) & \(name())", "\(name()) sessions") }
        if chance(1, in: 4) {
            tags.comment = "recorded in \(name()), \(one(of: Self.ways)), take \(generator.index(below: 9))"
        }
        if chance(1, in: 4) { tags.bpm = Double(60 + generator.index(below: 140)) + (chance(1, in: 5) ? 0.5 : 0) }
        if chance(1, in: 5) { tags.key = one(of: Self.keys) }
        return tags
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
