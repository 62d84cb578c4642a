import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreWire

extension QueryFeatures {
    /// The longest sound that is extracted a second time, without the silence at its beginning, in seconds.
    private static let longestExtractedTwice = 60.0

    /// What a file sounds like that is not in the library, extracted in a process of its own, whatever a decoder may do
    /// there.
    ///
    /// - Parameters:
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - suffix: The extension of its name, where it has one.
    ///   - executable: The worker's program, found by ``WorkerProgram/locate()`` if it is nil.
    /// - Throws: ``ExtractionFailure`` if it is not a sound, ``ExtractorStartError`` if there is no worker.
    package init(
        of file: FileDescriptor, longest: Double, suffix: FileSuffix, executable: FilePath? = nil
    ) throws {
        let found = try ExtractorProcess.extractOne(
            file, longest: longest, suffix: suffix, work: .featuresInTwoPhases, executable: executable)
        self.init(
            sampleCount: found.info.sampleCount, duration: found.info.duration, cepstra: Base64(found.frames.cepstra),
            bands: Base64(found.frames.bands), shiftedBands: found.shifted.map { Base64($0.bands) })
        guard found.info.duration <= Self.longestExtractedTwice else { return }
        let trimmed = try ExtractorProcess.extractOne(
            file, longest: longest, suffix: suffix, work: .featuresWithoutSilence, executable: executable
        ).frames
        if trimmed.count > 0, trimmed != found.frames { trimmedBands = Base64(trimmed.bands) }
    }
}
