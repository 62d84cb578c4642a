import SoundFeatures

/// The tags of a WAV file, which lie in chunks beside the sound.
///
/// Sources: the RIFF specification (LIST INFO), EBU Tech 3285 (bext), the iXML specification 2.0, and Microsoft's *New
/// Multimedia Data Types and Data Techniques* of 1994 (smpl). What is known of acid is what its users have found out.
struct WaveTags {
    let view: ByteView
    let isBigEndian: Bool

    /// Chunks that may have tags; of two that say the same, the first one counts.
    static let names = ["id3 ", "ID3 ", "LIST", "iXML", "bext", "acid", "smpl"]

    /// Reads the tags of some chunks.
    func tags(in chunks: [FileChunk]) -> SoundTags {
        var tags = SoundTags()
        for name in Self.names {
            for chunk in chunks where chunk.name == name {
                switch name {
                case "LIST": tags.fill(from: info(chunk.range))
                case "iXML": tags.fill(from: ProductionNotes.tags(in: view.slice(chunk.range)))
                case "bext": tags.fill(from: broadcast(chunk.range))
                case "acid": tags.fill(from: acid(chunk.range))
                case "smpl": tags.fill(from: sampler(chunk.range))
                default: if let found = ID3v2Tag.tags(in: view, at: chunk.range.lowerBound) { tags.fill(from: found) }
                }
            }
        }
        return tags
    }

    private func number(_ place: Int64, _ count: Int) -> Int? {
        view.number(at: place, bytes: count, isBigEndian: isBigEndian).map { Int($0) }
    }

    /// What the texts of a list are about, by their names.
    static let fields: [String: TagField] = [
        "INAM": .title, "IART": .artist, "IPRD": .album, "ICMT": .comment,
    ]
    private static let mostTexts = 256

    private func info(_ range: Range<Int64>) -> SoundTags {
        var found = TagCollector()
        guard view.has("INFO", at: range.lowerBound) else { return SoundTags() }
        var place = range.lowerBound + 4
        for _ in 0..<Self.mostTexts where place + 8 <= range.upperBound {
            guard let size = number(place + 4, 4) else { break }
            if let field = Self.fields[view.name(at: place)] {
                let held = min(Int64(size), range.upperBound - place - 8, Int64(TagText.mostBytes))
                found.add(field, TagText.unmarked(view.bytes(from: place + 8, most: Int(held))))
            }
            place += 8 + Int64(size)
            // Texts begin at even places, but for those of writers who do not know it.
            if size % 2 == 1, view.bytes(at: place, count: 1) == [0] { place += 1 }
        }
        return found.tags
    }

    private func broadcast(_ range: Range<Int64>) -> SoundTags {
        var found = TagCollector()
        found.add(.comment, TagText.unmarked(view.bytes(from: range.lowerBound, most: Int(min(256, range.count)))))
        return found.tags
    }

    /// Flags, a root note, four bytes that nobody knows, beats, meter and tempo.
    private func acid(_ range: Range<Int64>) -> SoundTags {
        var tags = SoundTags()
        guard range.count >= 24, let flags = number(range.lowerBound, 4), let note = number(range.lowerBound + 4, 2),
            let beats = number(range.lowerBound + 12, 4), let bits = number(range.lowerBound + 20, 4)
        else { return tags }
        let isOneShot = flags & 1 != 0
        tags.isOneShot = isOneShot
        if flags & 2 != 0, (1..<128).contains(note) { tags.rootNote = note }
        // What is played once has no beats; writers put the tempo of the song there, or 120.
        guard !isOneShot else { return tags }
        if beats > 0 { tags.beats = beats }
        let tempo = Double(Float(bitPattern: UInt32(bits)))
        if SoundTags.tempos.contains(tempo) { tags.bpm = tempo }
        return tags
    }

    private func sampler(_ range: Range<Int64>) -> SoundTags {
        var tags = SoundTags()
        guard range.count >= 36, let note = number(range.lowerBound + 12, 4),
            let count = number(range.lowerBound + 28, 4)
        else { return tags }
        if (0..<128).contains(note) { tags.rootNote = note }
        for loop in 0..<min(count, SoundTags.mostLoops) {
            let place = range.lowerBound + 36 + 24 * Int64(loop)
            guard place + 24 <= range.upperBound, let start = number(place + 8, 4), let last = number(place + 12, 4)
            else {
                break
            }
            // The last frame belongs to the loop.
            tags.addLoop(from: start, to: last + 1)
        }
        return tags
    }
}
