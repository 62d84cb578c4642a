import SoundFeatures
import SystemPackage

/// A part of a file's sound as the file has it: all channels, at its own rate, in samples at least as deep as its own.
///
/// Frames are those that decoding from the start would give, and as many. Constant memory.
package struct SoundPart: ~Copyable {
    package let format: SampleFormat
    /// How long the sounds were that have been gone through, in seconds.
    private var secondsBefore = 0.0
    private var chain: SoundChain
    private let to: Double
    private var block: SampleBlock

    /// Frames that are read at a time.
    private static let blockLength = 4096

    /// Goes to where a part begins.
    ///
    /// - Parameters:
    ///   - file: Open for reading, and kept open by the caller for as long as the value lives.
    ///   - suffix: The extension of its name, in lower case and without a dot; empty if unknown.
    ///   - from, to: Seconds from the beginning of the sound. The first frame is the one nearest to `from`, and that nearest
    ///     to `to` follows the last.
    /// - Throws: ``ExtractionFailure`` if there is no sound that can be decoded.
    /// - Complexity: O(1) in files that can be read anywhere; in others all is decoded that is in front.
    package init(_ file: some SoundInput, suffix: String, from: Double, to: Double) throws(ExtractionFailure) {
        var chain = try SoundChain(file, suffix: suffix)
        var block = SampleBlock(chain.sound.sampleFormat, length: Self.blockLength)
        let start = chain.sound.sampleFormat.frame(at: from)
        var isThere = start == 0
        // What a header promises is not always there: then all is gone through, as far as it goes.
        if !isThere, chain.seek(to: start), try chain.read(into: &block, most: 1) > 0 {
            isThere = chain.seek(to: start)
        }
        if !isThere { chain = try SoundChain(file, suffix: suffix) }
        var before = 0.0
        while !isThere {
            let format = chain.sound.sampleFormat
            if block.format != format { block = SampleBlock(format, length: Self.blockLength) }
            let rest = format.frame(at: from - before) - chain.frameCount
            if rest <= 0 { break }
            guard try chain.read(into: &block, most: rest) == 0 else { continue }
            let seconds = Double(chain.frameCount) / Double(format.sampleRate)
            guard chain.advance() else { break }
            before += seconds
        }
        let format = chain.sound.sampleFormat
        if block.format != format { block = SampleBlock(format, length: Self.blockLength) }
        (self.format, self.to, secondsBefore) = (format, to, before)
        self.block = block
        self.chain = chain
    }

    /// Reads the next frames.
    ///
    /// - Parameter bytes: Receives them in ``format``, in place of what it held.
    /// - Returns: Whether there were any: none at the end of the part or of the sound.
    /// - Throws: ``ExtractionFailure`` if the disk fails, or the file goes on with a sound of another format.
    package mutating func read(into bytes: inout [UInt8]) throws(ExtractionFailure) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        let count = try readBlock()
        block.append(count, to: &bytes)
        return count > 0
    }

    /// The outline of a part.
    ///
    /// - Parameters: As for ``init(_:suffix:from:to:)``. The sound may end before the part does, or before it begins: then
    ///   there are fewer stretches, or none.
    /// - Throws: ``ExtractionFailure``
    package static func outline(
        _ file: some SoundInput, suffix: String, from: Double, to: Double
    ) throws(ExtractionFailure) -> SoundOutline {
        var sound = try SoundPart(file, suffix: suffix, from: from, to: to)
        let format = sound.format
        let start = Double(format.frame(at: from)) / Double(format.sampleRate)
        var maker = OutlineMaker(channelCount: format.channelCount)
        while case let count = try sound.readBlock(), count > 0 { sound.block.give(count, to: &maker) }
        return maker.outline(from: start, sampleRate: format.sampleRate)
    }

    /// Reads the next frames into the block, and returns how many; 0 at the end of the part or of the sound.
    private mutating func readBlock() throws(ExtractionFailure) -> Int {
        while true {
            let rest = format.frame(at: to - secondsBefore) - chain.frameCount
            guard rest > 0 else { return 0 }
            let count = try chain.read(into: &block, most: rest)
            if count > 0 { return count }
            let seconds = position
            guard chain.advance() else { return 0 }
            secondsBefore = seconds
            guard chain.sound.sampleFormat == format else {
                throw ExtractionFailure(
                    .unsupported,
                    "the sound goes on in another format after \(Int(seconds)) s: cut what is before and behind it apart"
                )
            }
        }
    }

    /// How far the sound has been gone through, in seconds from its beginning.
    package var position: Double { secondsBefore + Double(chain.frameCount) / Double(chain.sound.sampleRate) }
}
