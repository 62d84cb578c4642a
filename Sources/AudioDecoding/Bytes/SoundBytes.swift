import ContentHash
import SoundFeatures
import SystemPackage

/// The bytes of a file that its sound is decoded from, in the formats whose tags lie in the file: they stay as they are
/// when a tag is changed.
package enum SoundBytes {
    /// Hashes those bytes.
    ///
    /// - Parameter file: Open for reading; its offset is neither used nor moved.
    /// - Returns: Nil if the format is none of WAV, RF64, Wave64, AIFF, FLAC, MPEG audio and Ogg, or the file is made in a
    ///   way in which sound and tags are not told apart.
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    /// - Complexity: O(*n*) in the bytes of the file.
    package static func hash(of file: some SoundInput) throws(ExtractionFailure) -> AudioHash? {
        let reader = try InputReader(file)
        guard let found = sound(in: ByteView(of: reader)) else { return nil }
        var hasher = AudioHasher()
        var place: Int64 = 0
        while place < found.size {
            let block = found.bytes(from: place, most: 1 << 16)
            if let failure = reader.failure { throw ExtractionFailure(.unreadable, "\(failure)") }
            guard !block.isEmpty else { return nil }
            unsafe block.withUnsafeBytes { unsafe hasher.update($0) }
            place += Int64(block.count)
        }
        return hasher.finish()
    }

    /// What a decoder needs of a file, and nothing else.
    static func sound(in file: ByteView) -> ByteView? {
        let view = file.dropping(TagBlock.lengthInFront(of: file))
        let untagged = view.slice(0..<view.size - TagBlock.lengthBehind(view))
        switch view.name(at: 0) {
        case "RIFF", "RF64", "RIFX": return view.has("WAVE", at: 8) ? RIFFFile.chunks(of: view)?.soundAlone : nil
        case "riff": return Wave64File.chunks(of: view)?.soundAlone
        case "FORM": return AIFFChunks(view)?.soundAlone
        case "fLaC": return FLACStream.soundAlone(in: untagged)
        case "OggS": return OggPackets.soundAlone(in: untagged)
        default: return MPEGSearch.begins(view, at: 0) ? untagged : nil
        }
    }
}
