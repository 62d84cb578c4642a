import SoundFeatures

/// One sound of a file, open for reading, whichever library decodes it.
protocol DecodedSound: AnyObject {
    /// Frames per second, in hertz, within ``SoundInfo/sampleRates``.
    var sampleRate: Int { get }
    /// Samples in each frame.
    var channelCount: Int { get }
    /// The frames that there are, as far as that can be known beforehand; nil where a header alone says so, and hardly can
    /// be right.
    var expectedFrameCount: Int? { get }
    /// The frames below which a sound has lost its end.
    var leastFrameCount: Int { get }
    /// Container and encoding in words.
    var format: String { get }
    /// Whether the decoder has seen that something is missing.
    var isCutShort: Bool { get }
    /// What the decoder has found wrong so far, a clause to show; nil if nothing.
    var note: String? { get }
    /// What its samples are like when nothing of them is to be lost.
    var sampleFormat: SampleFormat { get }
    /// Why nothing (more) could be decoded; nil if the decoder is content.
    var complaint: ExtractionFailure? { get }

    /// Reads the next frames.
    ///
    /// - Parameters:
    ///   - samples: Receives samples, full scale being 1, shape `[frames, channelCount]`, row by row, as many as it has
    ///     elements for. Every NaN or infinity becomes 0.
    ///   - numbers: How many samples were numbers is added here.
    /// - Returns: The frames read: fewer than there is room for at the end of what can be decoded, then none.
    /// - Throws: ``ExtractionFailure`` if the disk fails. Where the data break off or are damaged, they just end.
    func read(into samples: inout [Float], numbers: inout Int) throws(ExtractionFailure) -> Int

    /// Reads the next frames as they are.
    ///
    /// - Parameters:
    ///   - block: Of ``sampleFormat``; receives them from its beginning.
    ///   - most: How many are wanted at the most, at least 1.
    /// - Returns: The frames read; none at the end of what can be decoded.
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    func read(into block: inout SampleBlock, most: Int) throws(ExtractionFailure) -> Int

    /// Goes to a frame, where it is known where in the file it is.
    ///
    /// - Returns: Whether the next frame that is read is that one; if not, it may be any.
    func seek(to frame: Int) -> Bool
}
