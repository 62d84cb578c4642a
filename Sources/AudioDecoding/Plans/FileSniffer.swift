import SoundFeatures

/// Tells by a file's bytes how it is to be decoded.
struct FileSniffer {
    /// The extension of the file's name, in lower case and without a dot, for sounds that are known by nothing else.
    let suffix: String

    /// Bytes of junk that are passed over in front of MPEG audio where that is to be expected.
    private static let mostJunk: Int64 = 1 << 20

    /// MPEG audio that begins later.
    private static func delayed(_ view: ByteView, _ start: Int64) -> SoundPlan {
        var plan = MPEGFrames(view, from: start).plan
        if start > 0 { plan.notes.append("the sound begins after \(start.grouped) bytes of something else") }
        return plan
    }

    /// Files that lie in each other or behind each other, at the most.
    private static let mostDepth = 8

    /// Looks at how a file begins.
    ///
    /// - Parameter depth: In how many files, or behind how many, this one lies.
    /// - Throws: ``ExtractionFailure`` for what is recognised, and not decoded.
    /// - Complexity: O(1) in most containers; O(*n*) in the bytes of Ogg, FLAC and MPEG streams, which say nowhere how
    ///   many there are.
    func plan(_ whole: ByteView, depth: Int = 0) throws(ExtractionFailure) -> SoundPlan {
        let tags = TagBlock.lengthInFront(of: whole)
        let view = whole.dropping(tags)
        guard let (first, end) = try container(view, depth: depth) else {
            if let raw = RawSound(suffix: suffix, view) { return SoundPlan([SoundStream(view: view, raw: raw)]) }
            if let foreign = ForeignFormat(view) { return try foreign.plan(view) }
            if tags > 0 || MPEGFrames.suffixes.contains(suffix),
                let start = MPEGSearch.firstFrame(in: view, before: Self.mostJunk, inRow: 2)
            {
                return Self.delayed(view, start)
            }
            return SoundPlan(asIs: whole)
        }
        var plan = first
        if let end, end < view.size, depth < Self.mostDepth, FileStart.isKnown(in: view, at: end) {
            plan.append(try self.plan(view.dropping(end), depth: depth + 1))
        }
        return plan
    }

    /// The plan of a container, and where in the view it ends, if something may follow it.
    private func container(
        _ view: ByteView, depth: Int
    ) throws(ExtractionFailure) -> (SoundPlan, end: Int64?)? {
        switch view.name(at: 0) {
        case "RIFF", "RF64", "BW64", "RIFX":
            guard view.has("WAVE", at: 8), let wave = RIFFFile.chunks(of: view) else { return nil }
            return (try wave.plan(depth: depth), wave.end)
        case "riff":
            guard let wave = Wave64File.chunks(of: view) else { return nil }
            return (try wave.plan(depth: depth), wave.end)
        case "FORM":
            guard view.has("AIFF", at: 8) || view.has("AIFC", at: 8), let chunks = AIFFChunks(view) else { return nil }
            return (try chunks.plan(), chunks.end)
        case ".snd", "dns.": return AUHeader(view).map { ($0.plan(), nil) }
        case "caff":
            guard let chunks = CAFChunks(view) else { return nil }
            return (chunks.plan(), nil)
        case "OggS": return try OggStreams(view).map { streams throws(ExtractionFailure) in (try streams.plan(), nil) }
        case "fLaC": return FLACStream(view).map { ($0.plan(), $0.end) }
        default:
            guard MPEGSearch.begins(view, at: 0) else { return nil }
            return (MPEGFrames(view, from: 0).plan, nil)
        }
    }

    /// Looks for a stream that begins later, in a file of which nothing is known: behind zeros, tags or junk.
    ///
    /// - Returns: Nil if there is none.
    /// - Complexity: O(*n*) in the bytes of the file, of which ``mostSearched`` are looked at.
    func search(_ view: ByteView) throws(ExtractionFailure) -> SoundPlan? {
        if let start = view.firstNonzero(from: 0), start > 0, FileStart.isKnown(in: view, at: start) {
            var plan = try plan(view.dropping(start), depth: 1)
            plan.notes.append("the sound begins after \(start.grouped) bytes of something else")
            return plan
        }
        let isExpected = MPEGFrames.suffixes.contains(suffix)
        guard let start = MPEGSearch.firstFrame(in: view, before: Self.mostSearched, inRow: isExpected ? 2 : 4) else {
            guard let start = view.find(Array("OggS\0\u{2}".utf8), from: 1, before: 1 << 20),
                let streams = OggStreams(view.dropping(start))
            else { return nil }
            return try streams.plan()
        }
        return Self.delayed(view, start)
    }

    /// Bytes that are searched for the beginning of a stream.
    private static let mostSearched: Int64 = 16 << 20
}

/// Whether a file's bytes begin in a way that says what it is.
enum FileStart {
    /// Whether a container or a stream begins at a place, by its name or two frames of MPEG audio.
    static func isKnown(in view: ByteView, at place: Int64) -> Bool {
        switch view.name(at: place) {
        case "RIFF", "RF64", "BW64", "RIFX": view.has("WAVE", at: place + 8)
        case "FORM": view.has("AIF", at: place + 8)
        case "riff", ".snd", "dns.", "caff", "OggS", "fLaC": true
        case let name where name.hasPrefix("ID3"):
            view.has("fLaC", at: place + (TagBlock.length(in: view, at: place) ?? 0))
                || MPEGSearch.begins(view, at: place + (TagBlock.length(in: view, at: place) ?? 0))
        default: MPEGSearch.begins(view, at: place)
        }
    }
}
