import ContentHash
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestModels
import TimbreCoding

@testable import TimbreIngest

/// What stands for a sound in these tests: text.
///
/// Numbers are frames along those axes, `-` a silent frame. `~` before them says that the header promises more;
/// `!damaged`, `!unsupported`, `!empty`, `!long`, `!unreadable` and `!crash` fail in that way.
struct FakeSound {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var words: [Substring] { String(decoding: bytes, as: UTF8.self).split(separator: " ") }
    var axes: [Int?] { words.filter { $0 != "~" }.map { Int($0) } }
    var hash: ContentHash { ContentHash(of: bytes) }

    /// What a worker would say of it.
    func answer(hashOnly: Bool) -> WorkerOutcome.Result {
        if words.first == "!crash" { return .crashed("the decoder was ended by signal 11") }
        if hashOnly { return .hashed(hash, size: UInt64(bytes.count)) }
        switch words.first {
        case "!damaged": return .failed(ExtractionFailure(.damaged, "it breaks off"), hash)
        case "!unsupported": return .failed(ExtractionFailure(.unsupported, "unsupported: AAC in MP4"), hash)
        case "!empty": return .failed(ExtractionFailure(.empty, "no samples"), hash)
        case "!long": return .failed(ExtractionFailure(.outOfLimits, "longer than allowed"), nil)
        case "!unreadable": return .failed(ExtractionFailure(.unreadable, "input/output error"), nil)
        default:
            let info = SoundInfo(
                sampleRate: 44_100, channelCount: 1, frameCount: axes.count * 1024, sampleCount: axes.count * 512,
                format: "text", isIncomplete: words.first == "~")
            return .extracted(
                Extraction(info: info, frames: features(axes), content: hash, size: UInt64(bytes.count)))
        }
    }
}

/// A sound of 100 frames, long enough to have events.
func longSound(_ seed: Int) -> String {
    (0..<100).map { "\(($0 / 20 + seed) % 12)" }.joined(separator: " ")
}

extension WorkerOutcome.Result {
    var isCrash: Bool { if case .crashed = self { true } else { false } }
    var isReturn: Bool { if case .returned = self { true } else { false } }
}
