import TimbreCodes

/// The codes: a row for each that is heard, and where it is.
struct CodeLane: Lane {
    let sound: PicturedSound
    /// The codes that have rows, from the top.
    let rows: [Int]
    /// The ink of each code that is marked.
    let inks: [Int: Ink]
    /// Codes for which there was no row.
    private let moreCount: Int

    /// Chooses the rows: the marked codes in their order, then the most frequent.
    init(_ sound: PicturedSound, marked: [Int], most: Int) {
        self.sound = sound
        let others = sound.heard.filter { !marked.contains($0) }
        let all = marked.filter(sound.heard.contains) + others
        rows = Array(all.prefix(most))
        moreCount = all.count - rows.count
        inks = Dictionary(uniqueKeysWithValues: marked.prefix(Ink.markCount).enumerated().map { ($1, .mark($0)) })
    }

    var heading: String {
        guard !rows.isEmpty else { return "no code: silence" }
        let more = moreCount > 0 ? ", +\(moreCount) more" : ""
        return rows.count == 1 ? "1 code\(more)" : "\(rows.count) codes\(more)"
    }

    var marks: [LaneMark] {
        rows.enumerated().map { row, code in
            LaneMark(place: (Double(row) + 0.5) / Double(rows.count), words: "\(code)", ink: inks[code] ?? .faint)
        }
    }

    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element] {
        let height = box.height / Double(max(rows.count, 1))
        return rows.enumerated().map { row, code in
            let boxes = runs(of: code).map { columns in
                let start = sound.start + sound.step * Double(columns.lowerBound)
                let part = box.part(from: start, to: sound.end(ofColumn: columns.upperBound - 1), axis)
                // A line of paper between two rows, where there is room for one.
                let gap = height >= 4 ? 1.0 : 0
                return Box(part.x, box.y + Double(row) * height + gap / 2, part.width, height - gap)
            }
            return .boxes(boxes.filter { $0.width > 0 }, inks[code] ?? .code)
        }
    }

    /// The stretches of columns in which a code is heard.
    private func runs(of code: Int) -> [Range<Int>] {
        var (runs, start): ([Range<Int>], Int?) = ([], nil)
        for column in 0...sound.columnCount {
            let isHeard = column < sound.columnCount && sound.codes[column].contains(code)
            if isHeard, start == nil { start = column }
            if !isHeard, let first = start {
                runs.append(first..<column)
                start = nil
            }
        }
        return runs
    }
}
