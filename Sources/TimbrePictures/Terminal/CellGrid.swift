/// A terminal's screen, or a part of it, shape `[height, width]`.
struct CellGrid: Sendable {
    enum Cell: Hashable, Sendable {
        /// Two pixels above each other.
        case pixels(upper: Ink, lower: Ink)
        case letter(Character, Ink, isBold: Bool)
        /// The second half of a letter that is as wide as two.
        case taken
    }

    static let blank = Cell.pixels(upper: .paper, lower: .paper)

    let width: Int
    let height: Int
    private var cells: [Cell]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        cells = [Cell](repeating: Self.blank, count: width * height)
    }

    subscript(row: Int) -> ArraySlice<Cell> { cells[row * width..<(row + 1) * width] }

    /// Writes a text, as far as there is room for it.
    mutating func write(_ text: String, x: Int, y: Int, _ ink: Ink, isBold: Bool = false) {
        var x = x
        for letter in text {
            let size = letter.cellCount
            guard x >= 0, x + size <= width, (0..<height).contains(y) else { return }
            cells[y * width + x] = .letter(letter, ink, isBold: isBold)
            if size == 2 { cells[y * width + x + 1] = .taken }
            x += size
        }
    }

    /// Draws shapes and pictures, which are laid out for twice as many pixels in height as there are rows.
    mutating func draw(_ elements: [Scene.Element], x: Int, y: Int, _ columns: Int, rows: Int) {
        let raster = Scene(width: columns, height: 2 * rows, elements: elements).raster()
        for row in 0..<rows {
            for column in 0..<columns {
                cells[(y + row) * width + x + column] = .pixels(
                    upper: raster[column, 2 * row], lower: raster[column, 2 * row + 1])
            }
        }
    }
}

extension Character {
    /// How many cells of a terminal it takes: two where East Asian scripts and pictures are, after Unicode's annex 11.
    var cellCount: Int {
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0x1F300...0x1FAFF, 0x20000...0x3FFFD,
        ]
        guard let first = unicodeScalars.first else { return 1 }
        return wide.contains { $0.contains(first.value) } ? 2 : 1
    }
}

extension String {
    var cellCount: Int { reduce(0) { $0 + $1.cellCount } }
}
