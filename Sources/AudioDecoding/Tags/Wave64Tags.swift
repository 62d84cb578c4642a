import SoundFeatures

/// The tags of a Wave64 file: chunks as in a WAV file, and a list of texts of its own.
///
/// Source: Sony's definition; that the list's texts are in UTF-16, FFmpeg's `wavdec.c`.
enum Wave64Tags {
    private static let summaryList: [UInt8] = [
        0xbc, 0x94, 0x5f, 0x92, 0x5a, 0x52, 0xd2, 0x11, 0x86, 0xdc, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a,
    ]
    private static let mostTexts = 256

    static func begins(_ view: ByteView) -> Bool { view.has("riff") && view.has("wave", at: 24) }

    static func tags(in view: ByteView) -> SoundTags {
        var chunks: [FileChunk] = []
        var texts = SoundTags()
        var place: Int64 = 40
        for _ in 0..<WaveChunks.mostChunks {
            guard let size = view.number(at: place + 16, bytes: 8, isBigEndian: false), size >= 24 else { break }
            let chunk = FileChunk(view.name(at: place), at: place + 24, size: size - 24, in: view)
            if view.has(summaryList, at: place) {
                texts.fill(from: summary(chunk.range, of: view))
            } else if chunk.name == "list", view.has(Wave64File.listNameEnd, at: place + 4),
                chunks.count < FileChunk.most
            {
                chunks.append(FileChunk("LIST", at: place + 24, size: size - 24, in: view))
            } else if WaveTags.names.contains(chunk.name), view.has(Wave64File.nameEnd, at: place + 4),
                chunks.count < FileChunk.most
            {
                chunks.append(chunk)
            }
            let (next, overflows) = place.addingReportingOverflow(Int64(clamping: size))
            guard !overflows, next < view.size else { break }
            place = (next + 7) & ~7
        }
        texts.fill(from: WaveTags(view: view, isBigEndian: false).tags(in: chunks))
        return texts
    }

    /// A count, then names as in a WAV file, each with the count of the bytes of its text.
    private static func summary(_ range: Range<Int64>, of view: ByteView) -> SoundTags {
        var found = TagCollector()
        guard let count = view.number(at: range.lowerBound, bytes: 4, isBigEndian: false) else { return SoundTags() }
        var place = range.lowerBound + 4
        for _ in 0..<min(count, UInt64(mostTexts)) where place + 8 <= range.upperBound {
            guard let size = view.number(at: place + 4, bytes: 4, isBigEndian: false).map({ Int64($0) }) else { break }
            if let field = WaveTags.fields[view.name(at: place)] {
                let held = min(size, range.upperBound - place - 8, Int64(TagText.mostBytes))
                let text = TagText.utf16(view.bytes(from: place + 8, most: Int(held))[...], isBigEndian: false)
                found.add(field, String(text.prefix { $0 != "\0" }))
            }
            place += 8 + size
        }
        return found.tags
    }
}
