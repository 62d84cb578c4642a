/// How many colours a terminal has.
package enum TerminalColours: Hashable, Sendable {
    /// None, or the reader does not want any: shades are letters.
    case none
    /// The 256 of xterm.
    case indexed
    /// All, by 8 bits of red, green and blue.
    case full

    /// Decides by what the environment says.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether a terminal shows it at all.
    ///   - value: The value of an environment variable, nil if it is not set.
    package init(isTerminal: Bool, _ value: (String) -> String?) {
        // https://no-color.org: whatever its value, if it has one.
        let isUnwanted = value("NO_COLOR").map { !$0.isEmpty } ?? false
        guard isTerminal, !isUnwanted, let kind = value("TERM"), kind != "dumb", !kind.isEmpty else {
            self = .none
            return
        }
        let depth = value("COLORTERM")
        self = depth == "truecolor" || depth == "24bit" || kind.hasSuffix("-direct") ? .full : .indexed
    }
}

extension CellGrid {
    /// The grid as lines; blanks at a line's end are left out.
    func text(_ colours: TerminalColours, _ palette: Palette) -> String {
        (0..<height).map { row in
            let end = self[row].lastIndex { $0 != Self.blank }.map { $0 + 1 } ?? self[row].startIndex
            let cells = self[row].prefix(upTo: end)
            return (colours == .none ? Self.plain(cells, palette) : Self.coloured(cells, colours, palette)) + "\n"
        }.joined()
    }

    /// Shades as letters, the brighter of two pixels counting: what is thin would vanish otherwise.
    private static func plain(_ cells: ArraySlice<Cell>, _ palette: Palette) -> String {
        let ramp = Array(" .:-=+*#%@")
        let letters = cells.compactMap { cell -> Character? in
            switch cell {
            case .taken: return nil
            case .letter(let letter, _, _): return letter
            case .pixels(let upper, let lower):
                let shade = max(upper.shade(palette), lower.shade(palette))
                return ramp[Int((shade * Double(ramp.count - 1)).rounded())]
            }
        }
        return String(letters.reversed().drop { $0 == " " }.reversed())
    }

    private static func coloured(
        _ cells: ArraySlice<Cell>, _ colours: TerminalColours, _ palette: Palette
    ) -> String {
        func code(_ ink: Ink, behind: Bool) -> String {
            let colour = palette[ink]
            return colours == .full
                ? "\(behind ? 48 : 38);2;\(colour.red);\(colour.green);\(colour.blue)"
                : "\(behind ? 48 : 38);5;\(colour.indexed)"
        }
        var (text, style) = ("", "")
        for cell in cells {
            let (letter, next): (Character, String)
            switch cell {
            case .taken: continue
            case .letter(let written, let ink, let isBold):
                // Text has the terminal's own colour, which is legible there.
                let colour = ink == .text ? "" : ";" + code(ink, behind: false)
                (letter, next) = (written, "0" + (isBold ? ";1" : "") + colour)
            case .pixels(.paper, .paper): (letter, next) = (" ", "0")
            case .pixels(let upper, .paper): (letter, next) = ("▀", "0;" + code(upper, behind: false))
            case .pixels(.paper, let lower): (letter, next) = ("▄", "0;" + code(lower, behind: false))
            case .pixels(let upper, let lower):
                (letter, next) = ("▀", code(upper, behind: false) + ";" + code(lower, behind: true))
            }
            if next != style { text += "\u{1B}[\(next)m" }
            style = next
            text.append(letter)
        }
        return text + (style.isEmpty || style == "0" ? "" : "\u{1B}[0m")
    }
}

extension Ink {
    /// How bright it is among letters, from 0 to 1: nothing for paper.
    fileprivate func shade(_ palette: Palette) -> Double {
        switch index {
        case 0: 0
        case 16..<144: Double(index - 16) / 127
        case 144..<207: abs(Double(index) - 175) / 31
        default: palette[self].lightness
        }
    }
}

extension Colour {
    /// The nearest of xterm's 256 colours: of its 24 greys or, if it has a hue, of its cube of 6 × 6 × 6, which is coarser.
    var indexed: Int {
        let parts = [red, green, blue].map(Int.init)
        let (least, most) = (parts.min() ?? 0, parts.max() ?? 0)
        guard most - least > 24 else {
            // Black and white are in the cube alone.
            let mean = parts.reduce(0, +) / 3
            return mean < 4 ? 16 : mean > 246 ? 231 : 232 + min(23, max(0, (mean - 3) / 10))
        }
        let steps = [0, 95, 135, 175, 215, 255]
        let places = parts.map { part in steps.indices.min { abs(steps[$0] - part) < abs(steps[$1] - part) } ?? 0 }
        return 16 + places.reduce(0) { 6 * $0 + $1 }
    }
}
