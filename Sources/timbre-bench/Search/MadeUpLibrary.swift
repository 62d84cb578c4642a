import ArgumentParser
import TimbreCodes
import TimbreIndex

/// Draws files whose codes and vectors are distributed somewhat like those of recordings.
struct MadeUpLibrary {
    private static let filesPerDirectory = 1000
    /// Files that are first seen at the same time.
    private static let filesAtOnce: Int64 = 64

    /// Spans of each file. The only span of a file has its vector, as that of a short sound has.
    let spansPerFile: Int
    /// The standard deviation of each component among sounds of one kind, and among spans of one sound.
    private let noise: Float
    /// What files resemble: they vary about one of these, and their spans about them.
    private let kinds: [[Float]]
    private var generator = SeededGenerator(seed: 1)

    init(spansPerFile: Int, spread: Spread, noise: Float, kinds: Int = 1000) {
        self.spansPerFile = spansPerFile
        self.noise = noise
        var generator = generator
        let centre = [Float](repeating: 0, count: TimbreVector.dimension)
        self.kinds = (0..<kinds).map { _ in Self.near(centre, by: spread.scales, &generator) }
        self.generator = generator
    }

    /// A library of so many files.
    mutating func index(fileCount: Int) -> TimbreIndex {
        var index = TimbreIndex()
        for directory in 0...Int64(fileCount / Self.filesPerDirectory) {
            let half = directory % 2 == 0 ? "even" : "odd"
            index.setDirectory(directory, path: Array("/sounds/\(half)/\(directory)".utf8))
        }
        // Some at a time, for they take more room as files than in the index.
        for first in stride(from: 0, to: fileCount, by: 1024) {
            index.insert((first..<min(first + 1024, fileCount)).map { file(Int64($0)) })
        }
        return index
    }

    /// A file of one of the kinds.
    mutating func file(_ id: Int64) -> IndexedFile {
        let kind = generator.index(below: kinds.count)
        let scales = [Float](repeating: noise, count: TimbreVector.dimension)
        let whole = Self.near(kinds[kind], by: scales, &generator)
        let spans = (0..<spansPerFile).map { number in
            IndexedSpan(
                number: number, code: code(kind),
                vector: Self.rounded(spansPerFile == 1 ? whole : Self.near(whole, by: scales, &generator)))
        }
        let directory = id / Int64(Self.filesPerDirectory)
        let frames = Int(0.7 * 44_100 * (Double(spansPerFile) - generator.fraction()))
        return IndexedFile(
            id: id, directory: directory, name: name(id), duration: Double(frames) / 44_100,
            channelCount: 1 + Int(id % 2), sampleCount: (frames + 1) / 2,
            added: Double(id / Self.filesAtOnce * Self.filesAtOnce), spans: spans,
            vector: Self.rounded(whole))
    }

    /// A name of 14 bytes; one file in four is FLAC.
    private func name(_ id: Int64) -> [UInt8] {
        let number = String(id)
        let zeros = String(repeating: "0", count: max(0, 9 - number.count))
        return Array((zeros + number + (id % 4 == 0 ? ".flac" : ".aiff")).utf8)
    }

    /// A code of up to ten bits, most of them among the kind's.
    private mutating func code(_ kind: Int) -> TimbreCode {
        TimbreCode(
            bits: (0..<1 + generator.index(below: 10)).map { _ in
                (kind * 37 + Int(40 * generator.fraction() * generator.fraction())) % TimbreCode.width
            })
    }

    private static func rounded(_ values: [Float]) -> TimbreVector {
        var vector = TimbreVector(first: SIMD64())
        for (place, value) in values.enumerated() { vector[place] = Int8(max(-127, min(127, value.rounded()))) }
        return vector
    }

    /// Draws a point near another: what is added to each component is about as normal as a sum of four even numbers of
    /// 16 bits is, its mean is 0, and its standard deviation the scale.
    private static func near(_ point: [Float], by scales: [Float], _ generator: inout SeededGenerator) -> [Float] {
        zip(point, scales).map { component, scale in
            let bits = generator.next()
            let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
            return component + scale * (Float(sum) / 65536 - 2) * Float(3).squareRoot()
        }
    }
}

/// How much made-up sounds differ in each component of their vectors.
///
/// Pairs of sounds are about as far apart as under the model that timbred comes with: random ones 1.3, and those of a kind
/// half of that, a component of 1 being 237 steps.
enum Spread: String, CaseIterable, ExpressibleByArgument {
    /// As the network gives it: alike within the blocks of 16, 16 and 96 components that a search reads one after the
    /// other, which make up 61, 15 and 24 % of the squared distance of random pairs.
    case blocks
    /// Alike in all components: the worst case for a search that looks at the first ones first.
    case even

    /// The standard deviation of each component among sounds of one kind, and among spans of one sound.
    static let noise: Float = 8

    /// The standard deviation of each component among kinds of sounds.
    var scales: [Float] {
        (0..<TimbreVector.dimension).map { place in
            switch self {
            case .blocks: place < 16 ? 42 : place < 32 ? 21 : 11
            case .even: 19
            }
        }
    }
}
