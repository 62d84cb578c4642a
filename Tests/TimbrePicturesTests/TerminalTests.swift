import Testing
import TimbreCodes
import TimbreWire

@testable import TimbrePictures

struct TerminalTests {
    struct Place: CustomTestStringConvertible {
        var isTerminal = true
        var environment: [String: String]
        var colours: TerminalColours
        var testDescription: String { "\(isTerminal) \(environment)" }
    }

    static let places = [
        Place(environment: ["TERM": "xterm-256color", "COLORTERM": "truecolor"], colours: .full),
        Place(environment: ["TERM": "xterm", "COLORTERM": "24bit"], colours: .full),
        Place(environment: ["TERM": "xterm-direct"], colours: .full),
        Place(environment: ["TERM": "xterm-256color"], colours: .indexed),
        Place(environment: ["TERM": "linux", "COLORTERM": "yes"], colours: .indexed),
        Place(environment: ["TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"], colours: .none),
        Place(environment: ["TERM": "xterm", "NO_COLOR": ""], colours: .indexed),
        Place(environment: ["TERM": "dumb", "COLORTERM": "truecolor"], colours: .none),
        Place(environment: ["COLORTERM": "truecolor"], colours: .none),
        Place(isTerminal: false, environment: ["TERM": "xterm", "COLORTERM": "truecolor"], colours: .none),
    ]

    @Test("Asks the environment for colours", arguments: places)
    func colours(of place: Place) {
        #expect(TerminalColours(isTerminal: place.isTerminal) { place.environment[$0] } == place.colours)
    }

    static let sound = PicturedSound(
        look(
            codes: [3, 3, nil, 7], levels: [0: [5: 255, 60: 155], 1: [5: 205], 3: [95: 255]],
            spans: [SpanCode(start: 0, end: 0.08, code: Base64(TimbreCode(bits: [3, 7]).bytes))]),
        title: "/s/a bell.wav", facts: "0.08 s, mono")

    @Test func withoutColoursShadesAreLetters() {
        let text = SoundPicture(of: [Self.sound], lanes: [.bands, .codes, .pooled]).text(columns: 40, .none)
        let expected = """
            /s/a bell.wav
            0.08 s, mono
                    Bark bands, −80 to 0 dB
                                            @@@@@@@@

              5 kHz

                    ++++++++
              2 kHz

              1 kHz

             500 Hz

             100 Hz @@@@@@@@########
                    2 codes
                3 7 ****************        ********
                    pooled codes, 16 × 8 bits a span
                  0 ......%%......%%...............
                    ...............................
                    ...............................
                127 ...............................
                    EQAAAAAAAAAAAAAAAAAAAA==
                    |0.00 s             |0.05 s

            """
        #expect(text == expected)
    }

    @Test("No line is wider than the terminal", arguments: [40, 79, 80, 119, 120, 200])
    func linesFit(columns: Int) {
        let long = String(repeating: "/日本語/long", count: 30)
        let sounds = [PicturedSound(look(codes: [1, 2], spans: []), title: long, facts: long), Self.sound]
        let marked = [SoundPicture.MarkedCode(code: 3, words: String(repeating: "x", count: 300))]
        for count in 1...2 {
            let text = SoundPicture(of: Array(sounds.prefix(count)), marked: marked).text(columns: columns, .none)
            let widths = text.split(separator: "\n").map { $0.reduce(0) { $0 + $1.cellCount } }
            #expect((widths.max() ?? 0) <= columns)
            #expect((widths.max() ?? 0) > columns - 3)
        }
    }

    @Test func twoSoundsAreBesideEachOtherWhereThereIsRoom() {
        let picture = SoundPicture(of: [Self.sound, Self.sound])
        let lines = { (columns: Int) in
            picture.text(columns: columns, .none).split(separator: "\n", omittingEmptySubsequences: false).count
        }
        #expect(lines(119) == 2 * (lines(120) - 1) + 2)
        let first = picture.text(columns: 120, .none).split(separator: "\n")[0]
        #expect(first.split(separator: "/s/a bell.wav").count == 1 && first.hasSuffix("/s/a bell.wav"))
        #expect(String(first).prefix(20).hasPrefix("/s/a bell.wav"))
    }

    @Test("Colours are as many as the terminal has", arguments: [TerminalColours.none, .indexed, .full])
    func sequences(colours: TerminalColours) {
        let text = SoundPicture(of: [Self.sound]).text(columns: 80, colours)
        #expect(text.contains("\u{1B}[") == (colours != .none))
        #expect(text.contains(";38;5;") == (colours == .indexed))
        #expect(text.contains("38;2;") == (colours == .full))
        // Nothing is left switched on at a line's end.
        for line in text.split(separator: "\n") where line.contains("\u{1B}[") {
            #expect(line.hasSuffix("\u{1B}[0m") || line.split(separator: "\u{1B}[").last?.hasPrefix("0m") == true)
        }
    }

    @Test func aHalfBlockIsTwoPixels() {
        var grid = CellGrid(width: 4, height: 1)
        let box = { (x: Double, y: Double, ink: Ink) in Scene.Element.boxes([Box(x, y, 1, 1)], ink) }
        grid.draw([box(0, 0, .wave), box(1, 1, .wave), box(2, 0, .code), box(2, 1, .wave)], x: 0, y: 0, 4, rows: 1)
        let palette = Palette(.dark)
        let (wave, code) = (palette[.wave].indexed, palette[.code].indexed)
        #expect(
            grid.text(.indexed, palette)
                == "\u{1B}[0;38;5;\(wave)m▀▄\u{1B}[38;5;\(code);48;5;\(wave)m▀\u{1B}[0m\n")
    }
}
