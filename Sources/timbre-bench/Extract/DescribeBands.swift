import ArgumentParser
import FoundationEssentials
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreDescriptors

/// Prints what becomes of stored bands, to be held against other implementations.
struct DescribeBands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Print the descriptors and the vector of sounds given by their stored bands.",
        discussion: """
            Standard input has, for each sound, the number of its frames in 4 bytes, the lowest first, and 104 bytes a \
            frame: the strongest band as a float of 32 bits, and 100 levels. For each a JSON object is printed, with the \
            components of the vector as they are before rounding.
            """)

    @Option(help: "The model to use.", transform: { FilePath($0) })
    var model = FilePath("Config/timbre-model.json")

    private struct Line: Encodable {
        var descriptors: [Float]
        var components: [Float]
        var vector: [Int8]
    }

    private static func standardInput() throws -> [UInt8] {
        var (bytes, block) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = try unsafe block.withUnsafeMutableBytes {
                try unsafe FileDescriptor.standardInput.read(into: $0)
            }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
    }

    func run() throws {
        guard let network = try TimbreModel(json: try model.contents()).network else {
            throw ValidationError("The model has no network.")
        }
        let input = try Self.standardInput()
        var place = 0
        while place + 4 <= input.count {
            let count = (0..<4).reduce(0) { $0 | Int(input[place + $1]) << (8 * $1) }
            let end = place + 4 + count * FeatureFrames.bandStride
            guard end <= input.count else { throw ValidationError("The last sound is incomplete.") }
            var frames = SoundFrames(bands: Array(input[(place + 4)..<end]))
            place = end
            guard let descriptor = frames.descriptor() else {
                print("null")
                continue
            }
            let vector = network.vectors(of: [descriptor])[0]
            let line = Line(
                descriptors: descriptor.values, components: network.components(of: descriptor),
                vector: (0..<TimbreVector.dimension).map { vector[$0] })
            print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
        }
    }
}
