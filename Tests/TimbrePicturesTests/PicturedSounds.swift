import SoundFeatures
import TimbreCodes
import TimbreWire

@testable import TimbrePictures

/// Makes a sound of columns: for each the level of some bands, and its code.
///
/// - Parameters:
///   - codes: The code of each column; nil is silence.
///   - levels: By column, then by band; what is not named is 0.
func look(
    codes: [Int?], step: Double = 0.02, start: Double = 0, duration: Double = 0, levels: [Int: [Int: UInt8]] = [:],
    spans: [SpanCode] = []
) -> Look.Reply {
    var bytes = [UInt8](repeating: 0, count: codes.count * BandScale.bandCount)
    for (column, bands) in levels {
        for (band, level) in bands { bytes[column * BandScale.bandCount + band] = level }
    }
    var counts: [Int: Int] = [:]
    for code in codes.compactMap(\.self) { counts[code, default: 0] += 1 }
    return Look.Reply(
        inLibrary: true, duration: duration == 0 ? start + step * Double(codes.count) : duration, model: "sha256:00",
        start: start, step: step, levels: Base64(bytes),
        cepstra: Base64(codes.flatMap { code in (0..<13).map { $0 == 0 && code != nil ? 127 : $0 == 1 ? 192 : 0 } }),
        codes: Base64(codes.flatMap { TimbreCode(bits: [$0].compactMap(\.self)).bytes }),
        use: counts.map { CodeCount(code: $0, frames: $1) }.sorted { ($1.frames, $0.code) < ($0.frames, $1.code) },
        spans: spans)
}

extension Scene.Element {
    var picture: Raster? { if case .picture(let raster, _) = self { raster } else { nil } }
}
