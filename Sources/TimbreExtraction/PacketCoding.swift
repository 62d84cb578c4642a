import ContentHash
import SoundFeatures

/// Puts numbers and bytes one after the other, little-endian.
struct PacketWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The length as four bytes, then the bytes.
    mutating func put(_ array: [UInt8]) {
        put(UInt32(array.count))
        bytes += array
    }
}

/// Takes numbers and bytes in the order in which a ``PacketWriter`` put them, and never reads past the end.
struct PacketReader {
    private var rest: ArraySlice<UInt8>

    init(_ packet: [UInt8]) { rest = packet[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type
    ) throws(ExtractionProtocolError) -> Number {
        let size = Number.bitWidth / 8
        guard rest.count >= size else { throw ExtractionProtocolError() }
        var number: Number = 0
        for place in 0..<size { number |= Number(rest[rest.startIndex + place]) << Number(8 * place) }
        rest = rest.dropFirst(size)
        return number
    }

    mutating func takeBytes() throws(ExtractionProtocolError) -> [UInt8] {
        let count = Int(try take(UInt32.self))
        guard rest.count >= count else { throw ExtractionProtocolError() }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}

extension PacketWriter {
    mutating func put(_ frames: FeatureFrames) {
        put(frames.cepstra)
        put(frames.bands)
    }

    mutating func put(_ format: SampleFormat) {
        put(UInt64(format.sampleRate))
        put(UInt64(format.channelCount))
        put(format.encoding.rawValue)
    }

    mutating func put(_ info: SoundInfo) {
        for number in [info.sampleRate, info.channelCount, info.frameCount, info.sampleCount] { put(UInt64(number)) }
        put(info.isIncomplete ? 1 : 0 as UInt8)
        put(Array(info.format.utf8))
        put(Array((info.note ?? "").utf8))
        put(info.audio?.bytes ?? [])
        put(info.tags == nil ? 0 : 1 as UInt8)
        put(info.tags?.bytes ?? [])
    }

    mutating func put(_ outline: SoundOutline) {
        for number in [outline.start, outline.step] { put(number.bitPattern) }
        for number in [outline.sampleRate, outline.channelCount] { put(UInt64(number)) }
        for samples in [outline.lows, outline.highs] {
            put(samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
        }
    }
}

extension PacketReader {
    /// A line of text to show: what a terminal would take for commands is left out.
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
        let hasTags = try take(UInt8.self) != 0
        let tags = try takeTags()
        return SoundInfo(
            sampleRate: numbers[0], channelCount: numbers[1], frameCount: numbers[2], sampleCount: numbers[3],
            format: format, isIncomplete: isIncomplete, note: note.isEmpty ? nil : note, audio: audio,
            tags: hasTags ? tags : nil)
    }

    mutating func takeFormat() throws(ExtractionProtocolError) -> SampleFormat {
        let (rate, channels) = (try take(UInt64.self), try take(UInt64.self))
        guard let encoding = SampleFormat.Encoding(rawValue: try take(UInt8.self)), (1...1024).contains(channels),
            let rate = Int(exactly: rate), SoundInfo.sampleRates.contains(rate)
        else { throw ExtractionProtocolError() }
        return SampleFormat(sampleRate: rate, channelCount: Int(channels), encoding: encoding)
    }

    /// A hash of a sound, or no bytes where there is none.
    mutating func takeAudio() throws(ExtractionProtocolError) -> AudioHash? {
        let bytes = try takeBytes()
        if bytes.isEmpty { return nil }
        guard let hash = AudioHash(bytes: bytes) else { throw ExtractionProtocolError() }
        return hash
    }

    /// What a file says of itself, as far as it makes sense.
    mutating func takeTags() throws(ExtractionProtocolError) -> SoundTags {
        guard let tags = SoundTags(bytes: try takeBytes()) else { throw ExtractionProtocolError() }
        return tags
    }

    mutating func takeFrames() throws(ExtractionProtocolError) -> FeatureFrames {
        let (cepstra, bands) = (try takeBytes(), try takeBytes())
        guard cepstra.count % FeatureFrames.cepstrumStride == 0, bands.count % FeatureFrames.bandStride == 0,
            cepstra.count / FeatureFrames.cepstrumStride == bands.count / FeatureFrames.bandStride
        else { throw ExtractionProtocolError() }
        return FeatureFrames(cepstra: cepstra, bands: bands)
    }

    mutating func takeOutline() throws(ExtractionProtocolError) -> SoundOutline {
        let start = Double(bitPattern: try take(UInt64.self))
        let step = Double(bitPattern: try take(UInt64.self))
        let (rate, channels) = (try take(UInt64.self), try take(UInt64.self))
        let (lows, highs) = (try takeSamples(), try takeSamples())
        guard start >= 0, start.isFinite, step > 0, step.isFinite, lows.count == highs.count,
            lows.count <= SoundOutline.mostStretches, (1...UInt64(Int32.max)).contains(rate),
            (1...UInt64(Int32.max)).contains(channels)
        else { throw ExtractionProtocolError() }
        return SoundOutline(
            start: start, step: step, sampleRate: Int(rate), channelCount: Int(channels), lows: lows, highs: highs)
    }

    private mutating func takeSamples() throws(ExtractionProtocolError) -> [Int16] {
        let bytes = try takeBytes()
        guard bytes.count % 2 == 0 else { throw ExtractionProtocolError() }
        return stride(from: 0, to: bytes.count, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    mutating func takeContent() throws(ExtractionProtocolError) -> (hash: ContentHash, size: UInt64) {
        guard let hash = ContentHash(bytes: try takeBytes()) else { throw ExtractionProtocolError() }
        let size = try take(UInt64.self)
        guard Int64(exactly: size) != nil else { throw ExtractionProtocolError() }
        return (hash, size)
    }
}
