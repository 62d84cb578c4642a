/// Where everything is in a picture of pixels.
struct PixelLayout {
    let picture: SoundPicture
    /// In pixels, as are all lengths here.
    let width: Int

    private static let margin = 10.0
    /// Room beside the lanes for what is written there.
    private static let (left, right) = (54.0, 52.0)
    private static let line = 15.0
    private static let codeRow = 10.0
    private static let codeRows = 24
    /// From this width on, two sounds stand beside each other.
    private static let widthForTwo = 900

    private var areBeside: Bool { picture.sounds.count == 2 && width >= Self.widthForTwo }

    /// All of it.
    var scene: Scene {
        let sounds = picture.sounds
        let panelWidth = Double(width) / (areBeside ? 2 : 1)
        var (elements, y): ([Scene.Element], Double) = ([], Self.margin)
        if areBeside {
            let panels = sounds.enumerated().map { panel($1, x: Double($0) * panelWidth, y: y, panelWidth) }
            elements += panels.flatMap(\.elements)
            y = panels.map(\.end).max() ?? y
        } else {
            for sound in sounds {
                let panel = panel(sound, x: 0, y: y, panelWidth)
                elements += panel.elements
                y = panel.end + Self.margin
            }
        }
        elements += legend(y: &y)
        return Scene(width: width, height: Int((y + Self.margin).rounded(.up)), elements: elements)
    }

    /// One sound.
    private func panel(
        _ sound: PicturedSound, x: Double, y: Double, _ width: Double
    ) -> (elements: [Scene.Element], end: Double) {
        let axis = picture.axis(of: sound)
        let plot = Box(x + Self.left, 0, width - Self.left - Self.right, 0)
        let letters = Int((width - 2 * Self.margin) / Double(Lettering.advance))
        var elements: [Scene.Element] = []
        var y = y
        for (words, ink, isBold) in [(sound.title, Ink.text, true), (sound.facts, Ink.faint, false)]
        where !words.isEmpty {
            let text = Scene.Text(
                words: words.cutOnTheLeft(to: letters), x: x + Self.margin, y: y + Self.line / 2, ink: ink,
                isBold: isBold)
            elements.append(.text(text))
            y += Self.line
        }
        for (kind, lane) in picture.lanes(of: sound, codeRows: Self.codeRows) {
            y += 4
            elements.append(.text(Scene.Text(words: lane.heading, x: plot.x, y: y + Self.line / 2, ink: .faint)))
            y += Self.line
            let box = Box(plot.x, y, plot.width, height(of: lane))
            elements += lane.elements(in: box, axis) + marks(lane.marks, beside: box)
            y += areBeside ? height(of: kind) : box.height
            if let lane = lane as? PooledLane { elements += captions(lane, axis, box, y: &y) }
        }
        elements += ticks(axis, plot, y: y)
        return (elements, y + 6 + Self.line)
    }

    private func height(of lane: any Lane) -> Double {
        guard let codes = lane as? CodeLane else {
            return lane is WaveLane ? 80 : lane is BandLane ? 200 : lane is CepstrumLane ? 104 : 64
        }
        return Double(codes.rows.count) * Self.codeRow
    }

    /// The same for all sounds, so that lanes beside each other have the same height.
    private func height(of kind: PictureLane) -> Double {
        picture.sounds.flatMap { sound in
            picture.lanes(of: sound, codeRows: Self.codeRows).filter { $0.kind == kind }.map { height(of: $0.lane) }
        }.max() ?? 0
    }

    private func marks(_ marks: [LaneMark], beside box: Box) -> [Scene.Element] {
        marks.map { mark in
            // A word beside the lane's very edge would stand half outside.
            let y = min(max(box.y + mark.place * box.height, box.y + 4), box.y + box.height - 4)
            let x = mark.isOnRight ? box.x + box.width + 5 : box.x - 5
            return .text(
                Scene.Text(words: mark.words, x: x, y: y, anchor: mark.isOnRight ? .start : .end, ink: mark.ink))
        }
    }

    private func captions(_ lane: PooledLane, _ axis: TimeAxis, _ box: Box, y: inout Double) -> [Scene.Element] {
        let captions = lane.captions(axis, letters: Int(box.width) / Lettering.advance)
        y += Self.line
        return captions.map { time, words in
            let x = box.x + axis.place(of: time) * box.width
            return .text(Scene.Text(words: words, x: x, y: y - Self.line / 2 + 1, ink: .faint))
        }
    }

    private func ticks(_ axis: TimeAxis, _ plot: Box, y: Double) -> [Scene.Element] {
        let ticks = axis.ticks(most: max(2, Int(plot.width / 70)))
        let places = ticks.map { plot.x + axis.place(of: $0.time) * plot.width }
        let lines = [Box(plot.x, y + 2, plot.width, 1)] + places.map { Box($0 - 0.5, y + 2, 1, 5) }
        return [.boxes(lines, .faint)]
            + zip(ticks, places).map { tick, x in
                .text(Scene.Text(words: tick.words, x: x, y: y + 6 + Self.line / 2, anchor: .middle, ink: .faint))
            }
    }

    /// What is said of the codes that are marked.
    private func legend(y: inout Double) -> [Scene.Element] {
        let marked = picture.marked.enumerated().filter { !$1.words.isEmpty }
        if !marked.isEmpty { y += Self.margin }
        let letters = Int((Double(width) - Self.left - Self.margin) / Double(Lettering.advance))
        return marked.flatMap { number, code -> [Scene.Element] in
            defer { y += Self.line }
            let box = Box(Self.left - 16, y + 3, 10, 8)
            let words = String(code.words.prefix(letters))
            return [.boxes([box], .mark(number)), .text(Scene.Text(words: words, x: Self.left, y: y + Self.line / 2))]
        }
    }
}

extension String {
    /// The text, or its end behind an ellipsis: of a path the name counts most.
    func cutOnTheLeft(to letters: Int) -> String {
        count <= letters ? self : "…" + suffix(max(0, letters - 1))
    }
}
