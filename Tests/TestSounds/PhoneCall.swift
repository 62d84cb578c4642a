/// A file of AMR: what phones recorded, at 8000 Hz, and libsndfile does not decode. Any bits are sound in it.
///
/// - Parameter frames: Of 20 ms each, or 160 samples.
package func phoneCall(frames: Int, seed: UInt32 = 1) -> [UInt8] {
    // Of the eight kinds of frames the longest: a byte that says so, and 31 of sound.
    let noise = noise(31 * frames, seed: seed).map { UInt8(truncatingIfNeeded: Int($0 * 1000)) }
    var bytes = Array("#!AMR\n".utf8)
    for frame in 0..<frames { bytes += [0x3c] + noise[31 * frame..<31 * (frame + 1)] }
    return bytes
}
