import SoundFeatures
import TimbreCodes
import TimbreCoding

/// A model file: what is read can be written, is then the same, and codes every frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(TimbreModelError) {
        let model = try TimbreModel(json: bytes)
        let written = model.json()
        let again = try TimbreModel(json: written)
        precondition(again == model && again.json() == written)
        for code in FrameCoder(model).codes(of: frame) { precondition(Int(code) < model.centroidCount) }
        if let metric = model.metric {
            // The strongest band, full scale, and 100 levels.
            let bands = [0, 0, 0x80, 0x3f] + (0..<100).map { UInt8($0) }
            if let vector = metric.vector(of: bands, frameCount: 1) {
                precondition(vector.squaredDistance(to: vector) == 0)
                if let score = model.score, let network = model.network {
                    let crowding = score.crowding(of: vector, in: network)
                    precondition((0...1).contains(score(distance: 1, crowding: crowding)))
                }
            }
        }
        if let calibration = model.calibration {
            for distance in [0, 1, 1e300] { precondition((0...1).contains(calibration.score(fileDistance: distance))) }
        }
    } catch {
        precondition(!"\(error)".isEmpty)
    }
    return 0
}

/// A frame along the first axis.
private let frame: [UInt8] = [0xff, 0x7f] + [UInt8](repeating: 0, count: 26) + [0x80, 0x3f]
