import CommandOutput
import TimbreWire

/// Why two sounds are near or far, for people to read.
package struct ExplanationOutput {
    var reply: Explain.Reply
    /// The parts of B and A that were compared; nil if all of it was.
    var at: TimeSpan?
    var atA: TimeSpan?

    package init(reply: Explain.Reply, at: TimeSpan? = nil, atA: TimeSpan? = nil) {
        (self.reply, self.at, self.atA) = (reply, at, atA)
    }

    /// A page.
    ///
    /// - Parameter width: As for ``Table/text(width:)``.
    package func text(width: Int?) -> String {
        [words, Shown.members(head), descriptors(width), Shown.members(codes), shared(width), Shown.members(only)]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What it comes to, in words.
    private var words: String { reply.words.map { Shown.escaped($0) + "\n" } ?? "" }

    private var head: [(name: String, value: String)] {
        let timbre =
            reply.timbre.map { Self.nearness($0.distance, "", $0.score, word: Self.word(ofProbability:)) }
            ?? "not compared: \(Shown.escaped(reply.obstacle ?? "the daemon does not say why"))"
        return [("A", Self.name(reply.a, atA)), ("B", Self.name(reply.b, at)), ("timbre", timbre)]
    }

    private static func name(_ sound: ExplainedSound, _ part: TimeSpan?) -> String {
        "\(sound.path.map(Shown.path) ?? "?"), \(Shown.duration(sound.duration))"
            + (sound.inLibrary ? "" : ", not in the library")
            + (part.map { ", \(Shown.span($0.start, $0.end)) of it" } ?? "")
    }

    /// A distance, and what it means.
    private static func nearness(
        _ distance: Double, _ unit: String, _ score: Double?, word: (Double) -> String
    ) -> String {
        Shown.number(distance, digits: 3) + unit
            + (score.map { ", score \(Shown.number($0, digits: 3)): \(word($0))" } ?? "")
    }

    /// What a probability that the two are called the same kind of sound means.
    static func word(ofProbability probability: Double) -> String {
        switch probability {
        case 0.8...: "the same kind of sound"
        // From here on `similar` says that something is near.
        case 0.49...: "probably the same kind of sound"
        case 0.1...: "probably another kind of sound"
        default: "another kind of sound"
        }
    }

    /// How near that is among random pairs, of which this share is farther apart.
    static func word(ofShare score: Double) -> String {
        let percent = Shown.number(100 * score, digits: 1)
        switch percent {
        case "100.0": return "nearer than almost all random pairs"
        case "0.0": return "farther apart than almost all random pairs"
        default:
            return score >= 0.5
                ? "nearer than \(percent) % of random pairs"
                : "farther apart than \(Shown.number(100 - 100 * score, digits: 1)) % of random pairs"
        }
    }

    /// What was compared to measure the distance, and what of it comes from where.
    private func descriptors(_ width: Int?) -> String {
        guard let groups = reply.timbre?.groups, !groups.isEmpty else { return "" }
        var table = Table([
            .init(heading: "share of distance", alignment: .right),
            .init(heading: "difference (1.4 usual)", alignment: .right),
            .init(heading: ""), .init(heading: "descriptors, and how B differs"),
        ])
        for group in groups {
            table.add([
                "\(Shown.number(100 * group.share, digits: 1)) %", Shown.number(group.difference, digits: 2),
                Self.word(ofDifference: group.difference),
                Shown.escaped("\(group.name): \(group.words ?? Self.wordless(group.difference))"),
            ])
        }
        return table.text(width: width)
    }

    /// What is said of descriptors that differ little, or in no way that has a name.
    private static func wordless(_ difference: Double) -> String {
        word(ofDifference: difference) == "near" ? "hardly any difference" : "in no way that has a plain name"
    }

    /// How near a difference is, in standard deviations: between random sounds √2 is usual.
    static func word(ofDifference difference: Double) -> String {
        let usual = 2.0.squareRoot()
        return difference < usual / 2 ? "near" : difference < usual ? "between" : "far"
    }

    private var codes: [(name: String, value: String)] {
        let codes = reply.codes
        return [
            ("codes", Self.nearness(codes.distance, " bits", codes.score, word: Self.word(ofShare:))),
            (
                "nearest spans",
                "\(Shown.span(codes.a.start, codes.a.end)) of A, \(Shown.span(codes.b.start, codes.b.end)) of B: "
                    + "\(Shown.count(codes.hamming, "bit")) \(codes.hamming == 1 ? "differs" : "differ"), \(codes.sharedBits) shared"
            ),
        ]
    }
}

extension ExplanationOutput {
    /// How many of the codes are told that only one sound has.
    private static let told = 10

    /// The codes that both have, how much of each sound that is, and where to listen to each.
    func shared(_ width: Int?) -> String {
        guard !reply.shared.isEmpty else { return "No code is heard in both.\n" }
        var table = Table([
            .init(heading: "shared code", alignment: .right), .init(heading: "of A", alignment: .right),
            .init(heading: "from", alignment: .right), .init(heading: "of B", alignment: .right),
            .init(heading: "from", alignment: .right), .init(heading: "files", alignment: .right),
            .init(heading: "at", alignment: .right), .init(heading: "listen to", isPath: true),
        ])
        for code in reply.shared {
            table.add([
                "\(code.code)", Self.percent(code.a.frames, of: reply.a), Self.start(code.a),
                Self.percent(code.b.frames, of: reply.b), Self.start(code.b),
                "\(Shown.number(100 * code.share, digits: 1)) %",
                code.example.map { Shown.span($0.start, $0.end) } ?? "",
                code.example.map { Shown.path($0.path) } ?? "no other file has it",
            ])
        }
        return table.text(width: width)
    }

    /// The codes that only one of the two has, and how much of it.
    var only: [(name: String, value: String)] {
        [("only A", reply.onlyA, reply.a), ("only B", reply.onlyB, reply.b)].map { name, codes, sound in
            guard !codes.isEmpty else { return (name: name, value: "no code") }
            let list = codes.prefix(Self.told).map { "\($0.code) (\(Self.percent($0.frames, of: sound)))" }
            let rest = codes.count > Self.told ? ", …" : ""
            let all = Self.percent(codes.reduce(0) { $0 + $1.frames }, of: sound)
            return (
                name: name,
                value: "\(Shown.count(codes.count, "code")), \(all) of it: "
                    + list.joined(separator: ", ") + rest
            )
        }
    }

    /// The share of frames in which something is heard.
    private static func percent(_ frames: Int, of sound: ExplainedSound) -> String {
        "\(Shown.number(100 * Double(frames) / Double(max(sound.frames, 1)), digits: 1)) %"
    }

    private static func start(_ place: CodePlace) -> String { Shown.moment(place.start) }
}
