/// An AVI film, as far as it says what sound it has.
///
/// Source: Microsoft's *AVI RIFF File Reference*.
struct AVIFile {
    /// Codec and container, such as `MP3 in AVI`.
    let name: String

    /// Reads the beginning; nil if it is not of this kind.
    init?(_ view: ByteView) {
        guard view.has("RIFF"), view.has("AVI ", at: 8) else { return nil }
        var codec = "sound"
        // The description of a stream of sound, and behind it that of the format.
        if let stream = view.find(Array("strh".utf8) + [56, 0, 0, 0] + Array("auds".utf8), from: 12, before: 1 << 16),
            let format = view.find(Array("strf".utf8), from: stream, before: stream + 256),
            let tag = view.number(at: format + 8, bytes: 2, isBigEndian: false)
        {
            codec = tag == 1 ? "PCM" : WaveChunks.name(ofTag: Int(tag)) ?? "codec 0x" + String(tag, radix: 16)
        }
        name = "\(codec) in AVI"
    }
}
