import SoundFeatures
import TestSounds

@testable import AudioDecoding

/// A file that FFmpeg's libraries may decode: there is a sound, or a reason why not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    precondition(ForeignDecoding.load(), "FFmpeg's libraries are not installed")
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        let file = try TemporaryFile(bytes)
        do throws(ExtractionFailure) {
            var chain = try SoundChain(file.descriptor, suffix: "")
            var samples = [Float](repeating: 0, count: 1024 * chain.sound.channelCount)
            var (read, numbers) = (0, 0)
            repeat {
                read = try chain.read(into: &samples, numbers: &numbers)
                precondition(samples.prefix(read * chain.sound.channelCount).allSatisfy(\.isFinite))
            } while read > 0 && chain.frameCount < 50_000
        } catch { precondition(!error.detail.isEmpty) }
    } catch { fatalError("\(error)") }
    return 0
}
