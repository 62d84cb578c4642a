import TimbreCodes
import TimbreWire

/// The codes of spans, about 0.7 seconds each: 128 bits, sixteen in each of eight rows.
///
/// Where a span has no room for sixteen pixels, each row is as bright as many of its bits are set.
struct PooledLane: Lane {
    let sound: PicturedSound
    let inks: [Int: Ink]

    static let rows = 8
    private static let columns = TimbreCode.width / rows
    /// Letters of a code in base64.
    private static let letters = 24

    var heading: String {
        sound.spans.isEmpty ? "no pooled code: silence" : "pooled codes, \(Self.columns) × \(Self.rows) bits a span"
    }

    var marks: [LaneMark] {
        [LaneMark(place: 0.5 / 8, words: "0"), LaneMark(place: 7.5 / 8, words: "127")]
    }

    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element] {
        let width = Int(box.width.rounded())
        guard width > 0 else { return [] }
        var raster = Raster(width: width, height: Self.rows)
        let seconds = (axis.end - axis.start) / Double(width)
        var first = 0
        for x in 0..<width {
            let (start, end) = (axis.start + Double(x) * seconds, axis.start + Double(x + 1) * seconds)
            while first < sound.spans.count, endOfSpan(first) <= start + 1e-9 { first += 1 }
            guard first < sound.spans.count, sound.spans[first].start < end - 1e-9 else { continue }
            if (endOfSpan(first) - sound.spans[first].start) / seconds >= Double(Self.columns) {
                drawBits(of: first, at: x, (start + end) / 2, seconds, on: &raster)
            } else {
                let codes = sound.spans[first...].prefix { $0.start < end - 1e-9 }.map(\.code)
                for row in 0..<Self.rows { raster[x, row] = .share(Self.share(ofRow: row, in: codes)) }
            }
        }
        return [.picture(raster, box)]
    }

    /// When a span ends or, if that is earlier, the next begins: spans overlap by half a frame.
    private func endOfSpan(_ place: Int) -> Double {
        let end = sound.spans[place].end
        return place + 1 < sound.spans.count ? min(end, sound.spans[place + 1].start) : end
    }

    private func drawBits(of place: Int, at x: Int, _ time: Double, _ seconds: Double, on raster: inout Raster) {
        let span = sound.spans[place]
        let length = endOfSpan(place) - span.start
        // A pixel between two spans, where there is room for one.
        if length / seconds >= Double(2 * Self.columns), time + seconds > span.start + length { return }
        let column = min(Self.columns - 1, max(0, Int((time - span.start) / length * Double(Self.columns))))
        for row in 0..<Self.rows {
            let code = row * Self.columns + column
            raster[x, row] = span.code.contains(code) ? inks[code] ?? .share(1) : .share(0)
        }
    }

    private static func share(ofRow row: Int, in codes: [TimbreCode]) -> Double {
        let bits = codes.reduce(0) { count, code in
            count + (0..<columns).count { code.contains(row * columns + $0) }
        }
        // Few bits of a span are ever set: a quarter of a row is much.
        return min(1, 4 * Double(bits) / Double(columns * max(codes.count, 1)))
    }

    /// The codes in base64, as `similar --code` takes them, where there is room below a span for all letters of one.
    ///
    /// - Parameter letters: How many letters the whole axis has room for.
    func captions(_ axis: TimeAxis, letters: Int) -> [(time: Double, words: String)] {
        sound.spans.indices.compactMap { place in
            let span = sound.spans[place]
            let room = (min(endOfSpan(place), axis.end) - max(span.start, axis.start)) / (axis.end - axis.start)
            guard room * Double(letters) >= Double(Self.letters + 1) else { return nil }
            return (max(span.start, axis.start), Base64(span.code.bytes).text)
        }
    }
}
