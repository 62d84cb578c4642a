import AudioDecoding
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreFeatures

/// Extracts files in this process, without daemon and sandbox, and prints what is found on the way: how each is to be
/// decoded, what kind of sound it is, and its first frames.
///
///     swift run run-extract FILE…

guard CommandLine.arguments.count > 1 else { fatalError("usage: run-extract FILE…") }
var extractor = Extractor()
for name in CommandLine.arguments.dropFirst() {
    print(name)
    do { try show(FilePath(name), &extractor) } catch let failure as ExtractionFailure {
        print("  \(failure.reason): \(failure.detail)")
    } catch { print("  \(error)") }
}

func show(_ path: FilePath, _ extractor: inout Extractor) throws {
    let file = try FileDescriptor.open(path, .readOnly)
    try file.closeAfter {
        let suffix = FileSuffix(of: path)
        print("  plan      \(try SoundPlan(of: file, suffix: suffix.text))")
        var (count, silent) = (0, 0)
        var first: [String] = []
        let info = try extractor.extract(file, suffix: suffix, longest: .infinity) { frame in
            if count < 5 { first.append("\(frame.isSilent ? "silent" : frame.cepstrum.map(rounded).description)") }
            count += 1
            silent += frame.isSilent ? 1 : 0
        }
        print("  format    \(info.format)\(info.isIncomplete ? ", incomplete" : "")")
        if let note = info.note { print("  note      \(note)") }
        print("  sound     \(info.channelCount) × \(info.frameCount) at \(info.sampleRate) Hz, \(info.duration) s")
        print("  samples   \(info.sampleCount) at \(FeatureFrames.sampleRate) Hz")
        print("  content   \(try Extractor.hash(file).content)")
        print("  frames    \(count), \(silent) of them silent; the first ones' coefficients:")
        for line in first { print("            \(line)") }
    }
}

/// A number with two digits behind the point.
func rounded(_ number: Float) -> Double { (Double(number) * 100).rounded() / 100 }
