import SoundFeatures

extension WaveChunks {
    /// The number that says which encoding it is: of an extensible format, the one within its GUID.
    var tag: Int {
        func number(_ place: Int) -> Int {
            let two = format[place..<place + 2]
            return Int(isBigEndian ? two.bigEndianNumber : two.reversed().bigEndianNumber)
        }
        let tag = number(0)
        return tag == 0xfffe && format.count >= 26 ? number(24) : tag
    }

    /// Encodings that libsndfile decodes: PCM, Microsoft's and IMA's ADPCM, floats, the two laws, GSM, NMS, G.721.
    private static let decoded: Set<Int> = [0, 1, 2, 3, 6, 7, 0x11, 0x31, 0x38, 0x40, 0xfffe]

    /// Encodings that are not, by their numbers in RFC 2361 and Microsoft's mmreg.h.
    private static let names: [Int: String] = [
        0x05: "IBM CVSD", 0x08: "DTS", 0x0a: "WMA Voice", 0x10: "OKI ADPCM", 0x14: "G.723 ADPCM", 0x20: "Yamaha ADPCM",
        0x22: "TrueSpeech",
        0x32: "MSN Audio", 0x34: "Control Resource VQLPC", 0x36: "Antex ADPCM", 0x42: "G.723.1", 0x45: "G.726 ADPCM",
        0x50: "MPEG", 0x55: "MP3", 0x64: "G.726 ADPCM", 0x65: "G.722 ADPCM", 0x75: "Voxware", 0x92: "AC-3 (SPDIF)",
        0xff: "AAC", 0x111: "Vivo G.723", 0x112: "Vivo Siren", 0x125: "Sanyo LD-ADPCM", 0x130: "ACELP.net",
        0x160: "WMA", 0x161: "WMA", 0x162: "WMA Pro", 0x163: "WMA Lossless", 0x164: "WMA (SPDIF)",
        0x200: "Creative ADPCM",
        0x270: "ATRAC3", 0x28f: "G.722 ADPCM", 0x1610: "AAC", 0x1602: "AAC (LATM)", 0x2000: "AC-3", 0x2001: "DTS",
        0x4143: "AC-4",
        0x564c: "Vorbis", 0x5346: "Flash ADPCM", 0x566f: "Vorbis", 0x5756: "WavPack", 0x674f: "Vorbis",
        0x6750: "Vorbis", 0x6751: "Vorbis",
        0x676f: "Vorbis", 0x6770: "Vorbis", 0x6771: "Vorbis", 0x704f: "Opus", 0x7a21: "AMR", 0x7a22: "AMR",
        0xa106: "AAC", 0xa109: "Speex", 0xe923: "ATRAC3plus", 0xf1ac: "FLAC",
    ]

    /// What a number stands for, where it is an encoding that is not decoded.
    static func name(ofTag tag: Int) -> String? { names[tag] }

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
        if !Self.decoded.contains(tag) {
            if let wrapped = try wrapped(depth: depth) { return wrapped }
            let name = Self.names[tag] ?? "codec 0x" + String(tag, radix: 16)
            throw .unsupported("\(name) in WAV")
        }
        // What stands behind the sound is looked at by libsndfile, too, and may be another file.
        if isRight { return SoundPlan(asIs: FileStart.isKnown(in: view, at: extent.end) ? corrected : view) }
        return SoundPlan([SoundStream(view: corrected)])
    }

    /// Another file for which this one is a wrapper.
    private func wrapped(depth: Int) throws(ExtractionFailure) -> SoundPlan? {
        guard depth < Self.mostDepth else { return nil }
        let sound = sound
        let start = MPEGFrames.begin(sound, at: 0) ? 0 : sound.firstNonzero(from: 0) ?? 0
        if FileStart.isKnown(in: sound, at: start) {
            return try SoundPlan.plan(sound.dropping(start), suffix: "", depth: depth + 1)
        }
        if tag == 0x50 || tag == 0x55, let first = MPEGFrames.firstFrame(in: sound, before: 1 << 20, inRow: 2) {
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
