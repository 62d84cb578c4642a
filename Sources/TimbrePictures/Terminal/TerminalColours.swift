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
        return String(
            cells.compactMap { cell in
                switch cell {
                case .taken: return nil
                case .letter(let letter, _, _): return letter
                case .pixels(let upper, let lower):
                    let shade = max(upper.shade(palette), lower.shade(palette))
                    return ramp[Int((shade * Double(ramp.count - 1)).rounded())]
                }
            })
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
    /// The nearest of xterm's 256 colours: of its cube of 6 × 6 × 6, or of its 24 greys.
    var indexed: Int {
        let steps = [0, 95, 135, 175, 215, 255]
        func nearest(_ value: UInt8) -> Int {
            steps.indices.min { abs(steps[$0] - Int(value)) < abs(steps[$1] - Int(value)) } ?? 0
        }
        let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
        let mean = (Int(red) + Int(green) + Int(blue)) / 3
        let grey = min(23, max(0, (mean - 3) / 10))
        func distance(_ other: (Int, Int, Int)) -> Int {
            let differences = [other.0 - Int(red), other.1 - Int(green), other.2 - Int(blue)]
            return differences.reduce(0) { $0 + $1 * $1 }
        }
        let level = 8 + 10 * grey
        return distance((level, level, level)) < distance((steps[r], steps[g], steps[b]))
            ? 232 + grey : 16 + 36 * r + 6 * g + b
    }
}
