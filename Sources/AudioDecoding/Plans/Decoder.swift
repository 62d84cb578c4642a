import SoundFeatures

/// Who decodes a sound.
enum Decoder: Hashable {
    case libsndfile
    /// FFmpeg, where libsndfile says that it does not know the encoding.
    case libsndfileOrFFmpeg(ForeignKind)
    case ffmpeg(ForeignKind)
}

/// A kind of sound that libsndfile does not decode.
struct ForeignKind: Hashable {
    /// Codec and container, such as `AAC in MP4`.
    var name: String
    /// What FFmpeg calls the reader of the container; nil if it does not decode this either.
    var demuxer: String?
}

extension SoundStream {
    /// Opens the sound.
    ///
    /// - Throws: ``ExtractionFailure``; with ``ExtractionFailure/wantsFFmpeg`` if another process may do it.
    func open() throws(ExtractionFailure) -> any DecodedSound {
        switch decoder {
        case .libsndfile: return try SoundFile(self)
        case .ffmpeg(let kind): return try ForeignDecoding.open(view, kind)
        case .libsndfileOrFFmpeg(let kind):
            do { return try SoundFile(self) } catch {
                guard error.reason == .unsupported else { throw error }
                return try ForeignDecoding.open(view, kind)
            }
        }
    }
}
