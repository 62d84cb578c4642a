import TimbreCodes

/// The bark-frequency cepstral coefficients: which are above and which below 0, the first at the bottom.
///
/// They are drawn as codes have them, as vectors of length 1, and by their square roots: most are small.
struct CepstrumLane: Lane {
    let sound: PicturedSound

    let heading = "BFCC 1 to 13, as a vector of length 1"

    var marks: [LaneMark] {
        [1, 4, 7, 10, 13].map { number in
            LaneMark(place: 1 - (Double(number) - 0.5) / Double(PicturedSound.coefficientCount), words: "\(number)")
        }
    }

    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element] {
        let part = box.part(from: sound.start, to: sound.end, axis)
        let shown = TimeAxis(from: max(sound.start, axis.start), to: min(sound.end, axis.end))
        let width = max(1, Int(part.width.rounded()))
        guard width > 0 else { return [] }
        var raster = Raster(width: width, height: PicturedSound.coefficientCount)
        for (x, group) in sound.columns(in: shown, parts: width).enumerated() {
            let columns = group.filter { !sound.codes[$0].isEmpty }
            // Silence has no coefficients, which is not the same as coefficients of 0.
            if columns.isEmpty { continue }
            for number in 0..<PicturedSound.coefficientCount {
                let mean = columns.reduce(0.0) { $0 + value(number, inColumn: $1) } / Double(columns.count)
                let root = mean.magnitude.squareRoot()
                raster[x, raster.height - 1 - number] = .signed(mean < 0 ? -root : root)
            }
        }
        return [.picture(raster, part)]
    }

    private func value(_ number: Int, inColumn column: Int) -> Double {
        Double(sound.cepstra[column * PicturedSound.coefficientCount + number]) / 127
    }
}
