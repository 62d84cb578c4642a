import SoundFeatures

/// The tags of an AIFF file, which lie in chunks beside the sound.
///
/// Source: Apple, *Audio Interchange File Format AIFF-C*, draft of 26 August 1991.
struct AIFFTags {
    let view: ByteView

    /// Chunks that may have tags.
    static let names = ["ID3 ", "id3 ", "NAME", "AUTH", "ANNO", "INST", "MARK"]

    /// Reads the tags of some chunks.
    func tags(in chunks: [FileChunk]) -> SoundTags {
        var tags = SoundTags()
        for chunk in chunks where chunk.name.uppercased() == "ID3 " {
            if let found = ID3v2Tag.tags(in: view, at: chunk.range.lowerBound) { tags.fill(from: found) }
        }
        var found = TagCollector()
        for (name, field) in [("NAME", TagField.title), ("AUTH", .artist), ("ANNO", .comment)] {
            for chunk in chunks where chunk.name == name {
                found.add(field, TagText.unmarked(view.bytes(from: chunk.range.lowerBound, most: chunk.mostText)))
            }
        }
        tags.fill(from: found.tags)
        if let instrument = chunks.first(where: { $0.name == "INST" }) {
            let markers = chunks.first { $0.name == "MARK" }.map { self.markers($0.range) } ?? [:]
            tags.fill(from: self.instrument(instrument.range, markers))
        }
        return tags
    }

    private static let mostMarkers = 1000

    /// Places in the sound, in frames, by their numbers.
    private func markers(_ range: Range<Int64>) -> [UInt64: Int] {
        var markers: [UInt64: Int] = [:]
        guard let count = view.number(at: range.lowerBound, bytes: 2, isBigEndian: true) else { return [:] }
        var place = range.lowerBound + 2
        for _ in 0..<min(count, UInt64(Self.mostMarkers)) where place + 7 <= range.upperBound {
            guard let number = view.number(at: place, bytes: 2, isBigEndian: true),
                let frame = view.number(at: place + 2, bytes: 4, isBigEndian: true),
                let length = view.number(at: place + 6, bytes: 1, isBigEndian: true)
            else { break }
            if markers[number] == nil { markers[number] = Int(frame) }
            // A name, with the count of its bytes, takes an even number of them.
            place += 6 + Int64(length + 2) / 2 * 2
        }
        return markers
    }

    private func instrument(_ range: Range<Int64>, _ markers: [UInt64: Int]) -> SoundTags {
        var tags = SoundTags()
        guard range.count >= 20, let bytes = view.bytes(at: range.lowerBound, count: 20) else { return tags }
        if bytes[0] < 128 { tags.rootNote = Int(bytes[0]) }
        // How it is played, then the markers at its beginning and its end: while the key is down, and after it.
        for place in [8, 14] where bytes[place..<place + 2].bigEndianNumber != 0 {
            if let start = markers[bytes[place + 2..<place + 4].bigEndianNumber],
                let end = markers[bytes[place + 4..<place + 6].bigEndianNumber]
            {
                tags.addLoop(from: start, to: end)
            }
        }
        return tags
    }
}
