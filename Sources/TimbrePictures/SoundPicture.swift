/// A picture of one sound or of several, for a page, a file or a terminal.
///
/// All sounds of a picture have the same scales: of time, of loudness and of amplitude.
package struct SoundPicture: Sendable {
    /// A code that has the same colour in all sounds.
    package struct MarkedCode: Hashable, Sendable {
        package var code: Int
        /// What is written of it below the sounds; may be empty.
        package var words: String

        package init(code: Int, words: String = "") {
            self.code = code
            self.words = words
        }
    }

    let sounds: [PicturedSound]
    let marked: [MarkedCode]
    let theme: PictureTheme
    private let lanes: [PictureLane]
    private let top: Double
    private let peak: Double
    /// Seconds that each sound's axis spans.
    private let length: Double

    /// - Parameters:
    ///   - sounds: One at least. Two have the same scales, and stand beside each other where there is room.
    ///   - marked: Codes to mark, the most important first; ten have a colour.
    ///   - lanes: What is drawn; always from top to bottom in the order of ``PictureLane``.
    package init(
        of sounds: [PicturedSound], marked: [MarkedCode] = [], lanes: [PictureLane] = PictureLane.allCases,
        theme: PictureTheme = .dark
    ) {
        precondition(!sounds.isEmpty, "a picture shows something")
        self.sounds = sounds
        self.marked = Array(marked.prefix(Ink.markCount))
        self.theme = theme
        self.lanes = PictureLane.allCases.filter(lanes.contains)
        top = BandLane.top(of: sounds)
        peak = sounds.map(\.peak).max() ?? 0
        length = sounds.map { $0.end - $0.start }.max() ?? 0
    }

    /// What is drawn of a sound, from top to bottom.
    ///
    /// - Parameter codeRows: How many codes have a row.
    func lanes(of sound: PicturedSound, codeRows: Int) -> [(kind: PictureLane, lane: any Lane)] {
        let codes = CodeLane(sound, marked: marked.map(\.code), most: codeRows)
        return lanes.map { kind in
            switch kind {
            case .wave: (kind, WaveLane(sound: sound, peak: peak))
            case .bands: (kind, BandLane(sound: sound, top: top))
            case .bfcc: (kind, CepstrumLane(sound: sound))
            case .codes: (kind, codes)
            case .pooled: (kind, PooledLane(sound: sound, inks: codes.inks))
            }
        }
    }

    func axis(of sound: PicturedSound) -> TimeAxis { TimeAxis(from: sound.start, to: sound.start + length) }
}

extension SoundPicture {
    /// Widths that a picture can have, in pixels.
    package static let widths = 320...4000

    /// The picture as SVG: text and shapes, the bands as a PNG inside.
    ///
    /// - Parameter width: In pixels, in ``widths``.
    package func svg(width: Int) -> String {
        let names = sounds.map { $0.title }.joined(separator: " and ")
        let description = sounds.map { sound in
            let codes = sound.heard.count == 1 ? "1 code" : "\(sound.heard.count) codes"
            let length = Numbers.fixed(sound.end - sound.start, 2)
            return "\(sound.title): \(length) s from \(Numbers.fixed(sound.start, 2)) s, \(codes), \(sound.facts)"
        }.joined(separator: "; ")
        return SVG.document(of: scene(width: width), Palette(theme), title: names, description: description)
    }

    /// The picture as PNG.
    ///
    /// - Parameters:
    ///   - width: In units of which `scale` squared pixels make one, in ``widths``.
    ///   - scale: 1, or 2 for fine screens.
    package func png(width: Int, scale: Int = 1) -> [UInt8] {
        PNG.bytes(of: scene(width: width).raster(scale: scale), Palette(theme))
    }

    private func scene(width: Int) -> Scene {
        precondition(Self.widths.contains(width))
        return PixelLayout(picture: self, width: width).scene
    }

    /// The picture as lines of text, each ended by a line feed.
    ///
    /// - Parameter columns: How many columns the terminal has; narrower ones than 40 count as 40.
    package func text(columns: Int, _ colours: TerminalColours) -> String {
        TerminalLayout(picture: self, width: max(columns, 40)).grid.text(
            colours, Palette(colours == .none ? .dark : theme))
    }

    /// The bands of the first sound alone, without words, as lines of text.
    package func strip(columns: Int, rows: Int, _ colours: TerminalColours) -> String {
        var grid = CellGrid(width: columns, height: rows)
        let (sound, box) = (sounds[0], Box(0, 0, Double(columns), Double(2 * rows)))
        grid.draw(BandLane(sound: sound, top: top).elements(in: box, axis(of: sound)), x: 0, y: 0, columns, rows: rows)
        return grid.text(colours, Palette(colours == .none ? .dark : theme))
    }
}
