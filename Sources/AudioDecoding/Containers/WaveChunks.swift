import SoundFeatures

/// The chunks of a WAV, RF64, BW64, RIFX or Wave64 file that a sound cannot do without, as ``RIFFFile`` or ``Wave64File``
/// finds them.
struct WaveChunks {
    let view: ByteView
    let isBigEndian: Bool
    /// The content of the chunks `fmt ` and `fact`.
    let format: [UInt8]
    let fact: [UInt8]?
    let extent: SoundExtent
    /// Whether libsndfile finds its way through the file.
    let isOrdered: Bool

    /// Where something else may follow; nil if nothing can.
    var end: Int64? { extent.end }

    /// Chunks that are looked at in one file, at the most.
    static let mostChunks = 4096
    /// Bytes of the chunks `fmt ` and `fact`, at the most.
    static let longestFormat = 4096

    /// The sound's own bytes.
    var sound: ByteView { view.slice(extent.range) }

    /// A header that claims what the file holds, in front of the sound.
    var corrected: ByteView {
        let count = UInt64(extent.range.upperBound - extent.range.lowerBound)
        let isLong = count > 0xffff_0000 && !isBigEndian
        func number(_ number: UInt32) -> [UInt8] { isBigEndian ? number.bigEndianBytes : number.littleEndianBytes }
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            Array(name.utf8) + number(UInt32(content.count)) + content + (content.count % 2 == 0 ? [] : [0])
        }
        var body = Array("WAVE".utf8)
        if isLong {
            let long = (count + 200).littleEndianBytes + count.littleEndianBytes + (0 as UInt64).littleEndianBytes
            body += chunk("ds64", long + number(0))
        }
        body += chunk("fmt ", format)
        if let fact { body += chunk("fact", fact) }
        body += Array("data".utf8) + number(isLong ? .max : UInt32(clamping: count))
        let whole = isLong ? .max : UInt32(clamping: UInt64(body.count) + count)
        var corrected = view.empty
        corrected.append(Array((isBigEndian ? "RIFX" : isLong ? "RF64" : "RIFF").utf8) + number(whole) + body)
        corrected.append(view, extent.range)
        return corrected
    }

    /// Whether the header alone is right, whatever stands where.
    var isRight: Bool { isOrdered && extent.isAsClaimed }

    /// The description and the samples; nil if the header is wrong about them, or another sound follows.
    var soundAlone: ByteView? {
        // What follows, be it another sound, is heard as well.
        guard isRight, !FileStart.isKnown(in: view, at: extent.end) else { return nil }
        var alone = view.empty
        alone.append(format)
        alone.append(view, extent.range)
        return alone
    }

    /// The number of the encoding, as ``WaveEncoding`` has it: of an extensible format, the one within its GUID.
    private var tag: Int {
        func number(_ place: Int) -> Int {
            let two = format[place..<place + 2]
            return Int(isBigEndian ? two.bigEndianNumber : two.reversed().bigEndianNumber)
        }
        let tag = number(0)
        return tag == 0xfffe && format.count >= 26 ? number(24) : tag
    }

    /// Files in each other, at the most.
    private static let mostDepth = 4

    /// What of the file is to be decoded, and how.
    ///
    /// - Throws: ``ExtractionFailure`` for an encoding that is not decoded.
    func plan(depth: Int) throws(ExtractionFailure) -> SoundPlan {
        var plan = try sounds(depth: depth)
        if !extent.isAsClaimed {
            plan.noteSize(claimed: extent.claimed, held: extent.range.upperBound - extent.range.lowerBound)
        }
        return plan
    }

    private func sounds(depth: Int) throws(ExtractionFailure) -> SoundPlan {
        if !WaveEncoding.isDecoded(tag) {
            if let wrapped = try wrapped(depth: depth) { return wrapped }
            let kind = ForeignKind(name: "\(WaveEncoding.name(of: tag)) in WAV", demuxer: "wav")
            return try SoundPlan(foreign: kind, corrected)
        }
        // What stands behind the sound is looked at by libsndfile, too, and may be another file.
        if isRight { return SoundPlan(asIs: FileStart.isKnown(in: view, at: extent.end) ? corrected : view) }
        return SoundPlan([SoundStream(view: corrected)])
    }

    /// Another file for which this one is a wrapper.
    private func wrapped(depth: Int) throws(ExtractionFailure) -> SoundPlan? {
        guard depth < Self.mostDepth else { return nil }
        let sound = sound
        let start = MPEGSearch.begins(sound, at: 0) ? 0 : sound.firstNonzero(from: 0) ?? 0
        if FileStart.isKnown(in: sound, at: start) {
            return try FileSniffer(suffix: "").plan(sound.dropping(start), depth: depth + 1)
        }
        if tag == 0x50 || tag == 0x55, let first = MPEGSearch.firstFrame(in: sound, before: 1 << 20, inRow: 2) {
            return MPEGFrames(sound, from: first).plan
        }
        // FLAC frames, their stream's description being with the format, as FFmpeg writes it.
        if tag == 0xf1ac, format.count >= 18 + 34 {
            var stream = sound.empty
            stream.append(Array("fLaC".utf8) + [0x80, 0, 0, 34] + Array(format.suffix(34)))
            stream.append(sound, 0..<sound.size)
            return FLACStream(stream)?.plan()
        }
        return nil
    }
}
