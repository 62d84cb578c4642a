import Glibc
import SoundFeatures
import TimbreCodes

/// The Bark bands: how loud each is at each time, low ones at the bottom.
struct BandLane: Lane {
    let sound: PicturedSound
    /// The level that is brightest, in the unit of ``PicturedSound/levels``; what is 80 dB below it, or silent, is dark.
    let top: Double

    /// Decibels from dark to bright.
    static let range = 80.0
    /// A sound whose loudest band is below this, in decibels, is made no brighter.
    static let faintest = -40.0

    /// The brightest level of a picture of some sounds.
    static func top(of sounds: [PicturedSound]) -> Double {
        let faintest = 255 + Self.faintest * PicturedSound.levelsPerDecibel
        return max(faintest, Double(sounds.map(\.topLevel).max() ?? 0))
    }

    var heading: String {
        guard !sound.levels.isEmpty else { return "Bark bands are not known" }
        let decibels = PicturedSound.decibels(ofLevel: top)
        return "Bark bands, \(Numbers.fixed(decibels - Self.range, 0)) to \(Numbers.fixed(decibels, 0)) dB"
    }

    var marks: [LaneMark] {
        let frequencies = [(100.0, "100 Hz"), (500, "500 Hz"), (1000, "1 kHz"), (2000, "2 kHz"), (5000, "5 kHz")]
        let barks = [5.0, 10, 15, 20].map { bark in
            LaneMark(
                place: Self.place(of: 600 * sinh(bark / 6)), words: Numbers.fixed(bark, 0) + " Bark", isOnRight: true)
        }
        return frequencies.map { LaneMark(place: Self.place(of: $0), words: $1) } + barks
    }

    /// How far below the upper edge a frequency's band has its middle.
    private static func place(of hertz: Double) -> Double {
        1 - (BandScale.band(ofFrequency: hertz) + 0.5) / Double(BandScale.bandCount)
    }

    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element] {
        guard !sound.levels.isEmpty else { return [] }
        let part = box.part(from: sound.start, to: sound.end, axis)
        let shown = TimeAxis(from: max(sound.start, axis.start), to: min(sound.end, axis.end))
        let width = max(1, Int(part.width.rounded()))
        let height = min(Int(box.height.rounded()), BandScale.bandCount)
        guard width > 0, height > 0 else { return [] }
        return [.picture(raster(of: sound.columns(in: shown, parts: width), height: height), part)]
    }

    /// A picture of the loudest levels in groups of columns, and in as many groups of bands as there are rows.
    private func raster(of columns: [Range<Int>], height: Int) -> Raster {
        var raster = Raster(width: columns.count, height: height)
        let count = BandScale.bandCount
        for (x, group) in columns.enumerated() {
            for row in 0..<height {
                let bands = (height - 1 - row) * count / height..<(height - row) * count / height
                var level: UInt8 = 0
                // Silence is dark however faint the rest is.
                for column in group where !sound.codes[column].isEmpty {
                    for band in bands { level = max(level, sound.levels[column * count + band]) }
                }
                raster[x, row] = .level(level == 0 ? 0 : share(of: Double(level)))
            }
        }
        return raster
    }

    private func share(of level: Double) -> Double {
        1 + (level - top) / PicturedSound.levelsPerDecibel / Self.range
    }
}
