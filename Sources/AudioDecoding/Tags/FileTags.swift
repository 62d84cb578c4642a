import SoundFeatures
import SystemPackage

/// The tags of a file.
package enum FileTags {
    /// Reads them, without decoding anything.
    ///
    /// - Parameter file: Open for reading; its offset is neither used nor moved.
    /// - Returns: No tags if the format has none that are known.
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    /// - Complexity: O(1) in most containers: some kilobytes at the file's beginning and behind its sound. Pictures are
    ///   passed over.
    package static func read(_ file: some SoundInput) throws(ExtractionFailure) -> SoundTags {
        let reader = try InputReader(file)
        let tags = tags(in: ByteView(of: reader))
        if let failure = reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
        return tags
    }

    static func tags(in file: ByteView) -> SoundTags {
        var tags = SoundTags()
        let start = TagBlock.lengthInFront(of: file)
        var place: Int64 = 0
        while place < start, let length = TagBlock.length(in: file, at: place) {
            if let found = ID3v2Tag.tags(in: file, at: place) { tags.fill(from: found) }
            place += length
        }
        let view = file.dropping(start)
        switch view.name(at: 0) {
        case "RIFF", "RF64", "BW64", "RIFX":
            if view.has("WAVE", at: 8), let wave = RIFFFile.chunks(of: view, collecting: Set(WaveTags.names)) {
                tags.fill(from: WaveTags(view: view, isBigEndian: wave.isBigEndian).tags(in: wave.others))
            }
        case "FORM":
            if let chunks = AIFFChunks(view, collecting: Set(AIFFTags.names)) {
                tags.fill(from: AIFFTags(view: view).tags(in: chunks.others))
            }
        case "fLaC":
            if let comments = FLACStream.comments(of: view) { tags.fill(from: VorbisComments.tags(in: comments)) }
            tags.fill(from: TrailingTags.tags(in: view))
        case "OggS":
            if let comments = OggPackets.comments(in: view) { tags.fill(from: VorbisComments.tags(in: comments)) }
        case "caff": tags.fill(from: CAFTags.tags(in: view))
        default:
            if Wave64Tags.begins(view) {
                tags.fill(from: Wave64Tags.tags(in: view))
            } else if MP4File.begins(view) {
                tags.fill(from: MP4Tags.tags(in: view))
            } else if MatroskaTags.begins(view) {
                tags.fill(from: MatroskaTags.tags(in: view))
            } else if ASFTags.begins(view) {
                tags.fill(from: ASFTags.tags(in: view))
            } else {
                tags.fill(from: TrailingTags.tags(in: view))
            }
        }
        return tags
    }
}
