import ContentHash

extension PacketWriter {
    mutating func put(_ frames: FeatureFrames) {
        put(frames.cepstra)
        put(frames.bands)
    }

    mutating func put(_ info: SoundInfo) {
        for number in [info.sampleRate, info.channelCount, info.frameCount, info.sampleCount] { put(UInt64(number)) }
        put(info.isIncomplete ? 1 : 0 as UInt8)
        put(Array(info.format.utf8))
        put(Array((info.note ?? "").utf8))
        put(info.audio?.bytes ?? [])
    }
}

extension PacketReader {
    /// A line of text, for people: what a terminal would take for commands is left out.
    mutating func takeLine() throws(ExtractionProtocolError) -> String {
        let text = String(decoding: try takeBytes().prefix(ExtractionReply.longestText), as: UTF8.self)
        return String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    }

    mutating func takeInfo() throws(ExtractionProtocolError) -> SoundInfo {
        var numbers: [Int] = []
        for _ in 0..<4 {
            guard let number = Int(exactly: try take(UInt64.self)) else { throw ExtractionProtocolError() }
            numbers.append(number)
        }
        // A worker decodes hostile bytes: what it says is believed no further than it makes sense.
        guard numbers[0] > 0, numbers[1] > 0, max(numbers[0], numbers[1]) <= Int32.max else {
            throw ExtractionProtocolError()
        }
        let isIncomplete = try take(UInt8.self) != 0
        let (format, note, audio) = (try takeLine(), try takeLine(), try takeAudio())
        return SoundInfo(
            sampleRate: numbers[0], channelCount: numbers[1], frameCount: numbers[2], sampleCount: numbers[3],
            format: format, isIncomplete: isIncomplete, note: note.isEmpty ? nil : note, audio: audio)
    }

    /// A hash of a sound, or no bytes where there is none.
    mutating func takeAudio() throws(ExtractionProtocolError) -> AudioHash? {
        let bytes = try takeBytes()
        if bytes.isEmpty { return nil }
        guard let hash = AudioHash(bytes: bytes) else { throw ExtractionProtocolError() }
        return hash
    }

    mutating func takeFrames() throws(ExtractionProtocolError) -> FeatureFrames {
        let (cepstra, bands) = (try takeBytes(), try takeBytes())
        guard cepstra.count % FeatureFrames.cepstrumStride == 0, bands.count % FeatureFrames.bandStride == 0,
            cepstra.count / FeatureFrames.cepstrumStride == bands.count / FeatureFrames.bandStride
        else { throw ExtractionProtocolError() }
        return FeatureFrames(cepstra: cepstra, bands: bands)
    }

    mutating func takeContent() throws(ExtractionProtocolError) -> (hash: ContentHash, size: UInt64) {
        guard let hash = ContentHash(bytes: try takeBytes()) else { throw ExtractionProtocolError() }
        let size = try take(UInt64.self)
        guard Int64(exactly: size) != nil else { throw ExtractionProtocolError() }
        return (hash, size)
    }
}
