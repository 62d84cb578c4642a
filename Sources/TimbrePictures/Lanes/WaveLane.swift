import Glibc
import SoundFeatures

/// The waveform: between the lowest and the highest sample of each pixel, as audiowaveform has it.
///
/// Where only the features of a sound are known, it is how loud the loudest band is.
struct WaveLane: Lane {
    let sound: PicturedSound
    /// The amplitude that reaches the lane's edge.
    let peak: Double

    var heading: String {
        let kind = sound.outline == nil ? "level" : "waveform"
        guard sound.peak > 1e-5 else { return "\(kind): silence" }
        let decibels = Numbers.fixed(20 * log10(sound.peak), 1)
        return sound.outline == nil ? "level, at most \(decibels) dB" : "waveform, peak \(decibels) dB"
    }

    var marks: [LaneMark] {
        guard peak > 1e-5 else { return [] }
        return [LaneMark(place: 0, words: Numbers.fixed(20 * log10(peak), 0) + " dB")]
    }

    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element] {
        let middle = box.y + box.height / 2
        let zero = Box(box.x, middle, box.width, min(0.5, box.height / 40))
        let boxes = stretches(in: axis, most: max(1, Int(box.width.rounded()))).map { stretch in
            let part = box.part(from: stretch.start, to: stretch.end, axis)
            let (low, high) = (max(-1, stretch.low / peak), min(1, stretch.high / peak))
            return Box(
                part.x, middle - high * box.height / 2, part.width, max((high - low) * box.height / 2, zero.height))
        }
        return [.boxes([zero], .faint), .boxes(boxes, .wave)]
    }

    private struct Stretch {
        var start: Double
        var end: Double
        var low: Double
        var high: Double
    }

    /// The waveform in as many stretches as there are pixels, or as are known.
    private func stretches(in axis: TimeAxis, most: Int) -> [Stretch] {
        guard peak > 1e-5 else { return [] }
        guard let outline = sound.outline else { return levels(in: axis, most: most) }
        let known = Int(((axis.end - axis.start) / outline.step).rounded(.up))
        let count = max(1, min(most, known))
        let seconds = (axis.end - axis.start) / Double(count)
        return (0..<count).compactMap { place in
            let start = axis.start + Double(place) * seconds
            let first = max(0, Int((start - outline.start) / outline.step + 1e-6))
            let last = Int(((start + seconds - outline.start) / outline.step - 1e-6).rounded(.up))
            guard first < min(last, outline.lows.count) else { return nil }
            let range = first..<min(last, outline.lows.count)
            guard let low = outline.lows[range].min(), let high = outline.highs[range].max() else { return nil }
            let scale = Double(SoundOutline.scale)
            return Stretch(start: start, end: start + seconds, low: Double(low) / scale, high: Double(high) / scale)
        }
    }

    private func levels(in axis: TimeAxis, most: Int) -> [Stretch] {
        let count = max(1, min(most, Int(((axis.end - axis.start) / sound.step).rounded(.up))))
        let seconds = (axis.end - axis.start) / Double(count)
        return sound.columns(in: axis, parts: count).enumerated().compactMap { place, columns in
            guard let level = columns.map({ sound.topLevel(ofColumn: $0) }).max() else { return nil }
            let amplitude = PicturedSound.amplitude(ofLevel: level)
            let start = axis.start + Double(place) * seconds
            return Stretch(start: start, end: start + seconds, low: -amplitude, high: amplitude)
        }
    }
}
