import TimbreWire

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
            .init(heading: "listen to"),
        ])
        for code in reply.shared {
            let example = code.example.map { example in
                "\(Shown.path(example.path)) @ \(Shown.number(example.start, digits: 2))"
                    + "–\(Shown.number(example.end, digits: 2)) s"
            }
            table.add([
                "\(code.code)", Self.percent(code.a.frames, of: reply.a), Self.start(code.a),
                Self.percent(code.b.frames, of: reply.b), Self.start(code.b),
                "\(Shown.number(100 * code.share, digits: 1)) %", example ?? "no other file has it",
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
                value: "\(codes.count == 1 ? "1 code" : "\(codes.count) codes"), \(all) of it: "
                    + list.joined(separator: ", ") + rest
            )
        }
    }

    /// The share of frames in which something is heard.
    private static func percent(_ frames: Int, of sound: ExplainedSound) -> String {
        "\(Shown.number(100 * Double(frames) / Double(max(sound.frames, 1)), digits: 1)) %"
    }

    private static func start(_ place: CodePlace) -> String { Shown.number(place.start, digits: 2) + " s" }
}
