/// Where everything is in a picture of a terminal's cells.
struct TerminalLayout {
    let picture: SoundPicture
    /// In cells, as are all lengths here.
    let width: Int

    /// Room beside the lanes for what is written there, and a blank.
    private static let gutter = 8
    private static let codeRows = 16
    private static let gap = 2
    /// From this width on, two sounds stand beside each other.
    private static let widthForTwo = 120

    private var areBeside: Bool { picture.sounds.count == 2 && width >= Self.widthForTwo }

    /// All of it.
    var grid: CellGrid {
        let sounds = picture.sounds
        let legend = picture.marked.enumerated().filter { !$1.words.isEmpty }
        let heights = sounds.map(height(of:))
        let height = areBeside ? heights.max() ?? 0 : heights.reduce(sounds.count - 1, +)
        var grid = CellGrid(width: width, height: height + (legend.isEmpty ? 0 : legend.count + 1))
        let panelWidth = areBeside ? (width - Self.gap) / 2 : width
        var (x, y) = (0, 0)
        for (sound, height) in zip(sounds, heights) {
            draw(sound, x: x, y: y, panelWidth, on: &grid)
            if areBeside { x += panelWidth + Self.gap } else { y += height + 1 }
        }
        for (line, marked) in legend.enumerated() {
            let (number, code) = marked
            grid.write(String(code.words.prefix(width)), x: 0, y: height + 1 + line, .mark(number))
        }
        return grid
    }

    /// The rows of a sound: title, facts, the lanes with a heading each, and the axis.
    private func height(of sound: PicturedSound) -> Int {
        picture.lanes(of: sound, codeRows: Self.codeRows).reduce(3) { $0 + 1 + height(of: $1.kind, sound) }
    }

    /// The rows of a lane: lanes beside each other have the same.
    private func height(of kind: PictureLane, _ sound: PicturedSound) -> Int {
        switch kind {
        case .wave: 5
        case .bands: 12
        case .bfcc: 7
        case .codes:
            (areBeside ? picture.sounds : [sound]).map { sound in
                CodeLane(sound, marked: picture.marked.map(\.code), most: Self.codeRows).rows.count
            }.max().map { ($0 + 1) / 2 } ?? 0
        case .pooled: PooledLane.rows / 2 + 1
        }
    }

    private func draw(_ sound: PicturedSound, x: Int, y: Int, _ width: Int, on grid: inout CellGrid) {
        let axis = picture.axis(of: sound)
        let columns = width - Self.gutter
        grid.write(sound.title.cutOnTheLeft(toCells: width), x: x, y: y, .text, isBold: true)
        grid.write(sound.facts.cutOnTheLeft(toCells: width), x: x, y: y + 1, .faint)
        var y = y + 2
        for (kind, lane) in picture.lanes(of: sound, codeRows: Self.codeRows) {
            grid.write(String(lane.heading.prefix(columns)), x: x + Self.gutter, y: y, .faint)
            let pixels = pixels(of: lane)
            let rows = (pixels + 1) / 2
            let elements = lane.elements(in: Box(0, 0, Double(columns), Double(pixels)), axis)
            grid.draw(elements, x: x + Self.gutter, y: y + 1, columns, rows: rows)
            write(lane.marks, x: x, y: y + 1, pixels: pixels, on: &grid)
            if let lane = lane as? PooledLane {
                for (time, words) in lane.captions(axis, letters: columns) {
                    let column = Int((axis.place(of: time) * Double(columns)).rounded())
                    grid.write(words, x: x + Self.gutter + column, y: y + 1 + rows, .faint)
                }
            }
            y += 1 + height(of: kind, sound)
        }
        for tick in axis.ticks(most: max(2, columns / 10)) {
            let column = min(columns - 1, Int(axis.place(of: tick.time) * Double(columns)))
            // At the end of the line there is room for the mark, and none for words.
            let words = column + tick.words.count < columns ? tick.words : ""
            grid.write("|" + words, x: x + Self.gutter + column, y: y, .faint)
        }
    }

    private func pixels(of lane: any Lane) -> Int {
        guard let codes = lane as? CodeLane else {
            return lane is WaveLane ? 10 : lane is BandLane ? 24 : lane is CepstrumLane ? 13 : PooledLane.rows
        }
        return codes.rows.count
    }

    /// Writes what stands beside a lane, ended where the lane begins; two marks at one cell share it.
    private func write(_ marks: [LaneMark], x: Int, y: Int, pixels: Int, on grid: inout CellGrid) {
        let onLeft = marks.filter { !$0.isOnRight }
        let rows = Dictionary(grouping: onLeft) { min(pixels - 1, Int($0.place * Double(pixels))) / 2 }
        for (row, marks) in rows {
            var end = x + Self.gutter - 1
            for mark in marks.reversed() where end - mark.words.count >= x {
                grid.write(mark.words, x: end - mark.words.count, y: y + row, mark.ink)
                end -= mark.words.count + 1
            }
        }
    }
}

extension String {
    /// The text, or its end behind an ellipsis.
    fileprivate func cutOnTheLeft(toCells cells: Int) -> String {
        guard cellCount > cells else { return self }
        var rest = self[...]
        while !rest.isEmpty, String(rest).cellCount > cells - 1 { rest = rest.dropFirst() }
        return "…" + rest
    }
}
