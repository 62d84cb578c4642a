import ContentHash
import Glibc
import Platform
import SystemPackage
import TestFiles
import TimbreCoding
import TimbreExtraction

@testable import TimbreDaemon

/// A model whose centroids are the first few axes, so that a frame along an axis has that axis's number as its code.
func smallModel(_ centroidCount: Int = 12) throws -> TimbreModel {
    var centroids = [Float](repeating: 0, count: centroidCount * TimbreModel.dimension)
    for centroid in 0..<centroidCount { centroids[centroid * TimbreModel.dimension + centroid] = 1 }
    return try TimbreModel(centroids: centroids)
}

/// The small model with a transform of before: a vector is the mean level of the first descriptors, each by itself.
func smallModelWithVectors() throws -> TimbreModel {
    let count = EarlierDescriptor.count
    var projection = [Float](repeating: 0, count: EarlierTransform.dimension * count)
    for row in 0..<EarlierTransform.dimension { projection[row * count + row] = 1 }
    let transform = try EarlierTransform(
        mean: Array(repeating: 0, count: count), scale: (0..<count).map { $0 < 40 ? 0.1 : 0.5 },
        projection: projection, step: 4 / 127)
    return try TimbreModel(centroids: smallModel().centroids, metric: .earlier(transform))
}

/// Features whose frames lie along axes; nil stands for a silent frame.
func features(_ axes: [Int?]) -> FeatureFrames {
    var frames = FeatureFrames()
    for axis in axes {
        var cepstrum = [UInt8](repeating: 0, count: FeatureFrames.cepstrumStride)
        if let axis {
            (cepstrum[2 * axis], cepstrum[2 * axis + 1]) = (0xff, 0x7f)
            // The norm, 1 as a Float.
            (cepstrum[28], cepstrum[29]) = (0x80, 0x3f)
        }
        frames.append(FeatureFrames(cepstra: cepstrum, bands: bands(axis)))
    }
    return frames
}

/// The bands of a frame along an axis: full scale at a place of the axis's own, and 5 dB less a band away from it.
private func bands(_ axis: Int?) -> [UInt8] {
    guard let axis else { return [UInt8](repeating: 0, count: FeatureFrames.bandStride) }
    let levels = (0..<FeatureFrames.bandStride - 4).map { UInt8(max(0, 255 - 16 * abs($0 - 8 * axis))) }
    return [0, 0, 0x80, 0x3f] + levels
}

/// What stands for a sound in these tests: text.
///
/// Numbers are frames along those axes, `-` a silent frame. `~` before them says that the header promises more;
/// `!damaged`, `!empty`, `!long`, `!unreadable` and `!crash` fail in that way.
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

extension WorkerOutcome.Result {
    var isCrash: Bool { if case .crashed = self { true } else { false } }
    var isReturn: Bool { if case .returned = self { true } else { false } }
}

extension TemporaryFolder {
    func remove(_ name: String) throws {
        guard unsafe path.appending(name).withPlatformString({ unsafe unlink($0) }) == 0 else {
            throw Errno.last
        }
    }

    func move(_ from: String, to: String) throws {
        let moved = unsafe path.pushing(FilePath(from)).withPlatformString { old in
            unsafe path.pushing(FilePath(to)).withPlatformString { new in unsafe rename(old, new) }
        }
        guard moved == 0 else { throw Errno.last }
    }
}

/// The bytes of a file.
func contents(of path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        return Array(bytes[..<count])
    }
}
