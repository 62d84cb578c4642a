import Glibc
import SoundFeatures
import TimbreCodes
import TimbreWire

/// What is to be seen of a sound, or of a part of it, frames gathered in columns.
struct SoundLook {
    /// The code of each frame of the whole sound.
    let codes: [UInt8]
    /// In the form of ``FeatureFrames/cepstra``.
    let cepstra: [UInt8]
    /// In the form of ``FeatureFrames/bands``; nil if unknown.
    let bands: [UInt8]?
    /// The frames that are looked at.
    private let frames: Range<Int>
    private let columnCount: Int

    /// - Parameters:
    ///   - part: What part is looked at: all frames that have some of it.
    ///   - most: Columns at the most, 1 at least.
    init(codes: [UInt8], cepstra: [UInt8], bands: [UInt8]?, part: TimeSpan?, most: Int) {
        self.codes = codes
        self.cepstra = cepstra
        self.bands = bands
        frames = part.map { Self.frames(from: $0.start, to: $0.end, of: codes.count) } ?? 0..<codes.count
        columnCount = min(frames.count, most)
    }

    /// Whether the sound ends before the part begins.
    var isEmpty: Bool { frames.isEmpty }

    private static func frames(from start: Double, to end: Double, of count: Int) -> Range<Int> {
        let hop = SpanPooling.start(ofFrame: 1)
        let most = Double(count)
        // A frame in a million: times are not exact.
        let first = Int(min(start / hop + 1e-6, most))
        return first..<max(first, Int(min((end / hop - 1e-6).rounded(.up), most)))
    }

    /// When the first column begins, in seconds.
    var start: Double { SpanPooling.start(ofFrame: frames.lowerBound) }

    /// The length of a column, in seconds.
    var step: Double { SpanPooling.start(ofFrame: frames.count) / Double(max(columnCount, 1)) }

    /// The frames of each column: as even as whole frames can be.
    private var columns: [Range<Int>] {
        (0..<columnCount).map { column in
            let first = frames.lowerBound + column * frames.count / columnCount
            return first..<frames.lowerBound + (column + 1) * frames.count / columnCount
        }
    }

    /// As ``Look/Reply/levels`` has them.
    ///
    /// - Complexity: O(*n*) in the frames.
    var levels: Base64? {
        guard let bands else { return nil }
        var levels = [UInt8](repeating: 0, count: columnCount * BandScale.bandCount)
        for (column, frames) in columns.enumerated() {
            for frame in frames {
                let start = frame * FeatureFrames.bandStride
                let peak = Float(littleEndian: bands[start..<start + 4])
                guard peak > 0 else { continue }
                // 255 steps of a frame's levels are the 80 dB up to its peak, and here 200.
                let offset = 255 + 2.5 * (20 * log10(Double(peak)) - 80)
                for band in 0..<BandScale.bandCount where bands[start + 4 + band] > 0 {
                    let level = offset + Double(bands[start + 4 + band]) * 200 / 255
                    let place = column * BandScale.bandCount + band
                    levels[place] = max(levels[place], UInt8(min(max(level, 0), 255).rounded()))
                }
            }
        }
        return Base64(levels)
    }

    /// As ``Look/Reply/cepstra`` has them.
    var vectors: Base64 {
        let count = (FeatureFrames.cepstrumStride - 4) / 2
        var vectors: [UInt8] = []
        for frames in columns {
            let heard = frames.filter { codes[$0] != SpanPooling.silent }
            for component in 0..<count {
                let sum = heard.reduce(0) { $0 + self.component(component, ofFrame: $1) }
                let mean = Double(sum) / Double(max(heard.count, 1)) / Double(FeatureFrames.unitScale)
                vectors.append(UInt8(bitPattern: Int8((min(max(mean, -1), 1) * 127).rounded())))
            }
        }
        return Base64(vectors)
    }

    private func component(_ number: Int, ofFrame frame: Int) -> Int {
        let place = frame * FeatureFrames.cepstrumStride + 2 * number
        return Int(Int16(bitPattern: UInt16(cepstra[place]) | UInt16(cepstra[place + 1]) << 8))
    }

    /// As ``Look/Reply/codes`` has them.
    var heard: Base64 {
        Base64(
            columns.flatMap { frames in
                TimbreCode(bits: frames.map { codes[$0] }.filter { $0 != SpanPooling.silent }.map(Int.init)).bytes
            })
    }

    /// How many of the frames have which code, the most frequent first.
    var use: [CodeCount] {
        CodePlaces(of: codes[frames]).places.map { CodeCount(code: $0, frames: $1.count) }
            .sorted { ($1.frames, $0.code) < ($0.frames, $1.code) }
    }

    /// The spans that have some of the frames, and are not silent.
    func spans(sampleCount: Int) -> [SpanCode] {
        let length = SpanPooling.framesPerSpan
        return SpanPooling.pool(codes).filter { span in
            !span.isEmpty && span.number * length < frames.upperBound && (span.number + 1) * length > frames.lowerBound
        }.map {
            SpanCode(start: $0.start, end: $0.end(sampleCount: sampleCount), code: Base64($0.code.bytes))
        }
    }
}

extension Float {
    fileprivate init(littleEndian bytes: ArraySlice<UInt8>) {
        self.init(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
}
