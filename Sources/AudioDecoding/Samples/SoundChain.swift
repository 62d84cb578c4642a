import SoundFeatures
import SystemPackage

/// The sounds of a file, one after the other, of which one is open.
struct SoundChain: ~Copyable {
    /// The sound that is open.
    private(set) var sound: any DecodedSound
    /// Frames that were read of it.
    private(set) var frameCount = 0
    private var next: ArraySlice<SoundStream>
    private var notes: [String]
    /// Whether the file's headers speak of more than was heard so far.
    private(set) var isCutShort: Bool

    /// Opens the first sound of a file.
    ///
    /// - Parameters:
    ///   - file: Open for reading, and kept open by the caller for as long as the value lives.
    ///   - suffix: The extension of its name, in lower case and without a dot; empty if unknown.
    /// - Throws: ``ExtractionFailure`` if there is none that can be decoded.
    init(_ file: some SoundInput, suffix: String) throws(ExtractionFailure) {
        let reader = try InputReader(file)
        guard reader.size > 0 else { throw ExtractionFailure(.empty, "the file has no bytes") }
        let view = ByteView(of: reader)
        let sniffer = FileSniffer(suffix: suffix)
        var plan = try sniffer.plan(view)
        // What another process may hear as a whole is not heard in part.
        for stream in plan.streams {
            if case .ffmpeg(let kind) = stream.decoder { try ForeignDecoding.demand(kind) }
        }
        var streams = plan.streams[...]
        var first: ExtractionFailure?
        var sound = Self.openNext(of: &streams, &first)
        // Nothing that a decoder knows at its beginning: what is sought may begin later.
        if sound == nil, first?.reason == .unknownFormat || first?.reason == .damaged,
            let found = try sniffer.search(view)
        {
            plan = found
            streams = plan.streams[...]
            sound = Self.openNext(of: &streams, &first)
        }
        guard let sound else { throw first ?? ExtractionFailure(.unknownFormat, "no sound") }
        self.sound = sound
        (next, notes) = (streams, plan.notes)
        let claim = HeaderClaim(of: view.dropping(TagBlock.lengthInFront(of: view)))
        isCutShort = plan.isCutShort
        if let claim, claim.end > view.size {
            isCutShort = true
            if notes.isEmpty { notes.append("the file ends before its header says that the sound does") }
        }
    }

    /// Opens the first of some streams that can be opened, and takes it and those before it away.
    ///
    /// - Parameter failure: Receives why the first one could not be opened.
    private static func openNext(
        of streams: inout ArraySlice<SoundStream>, _ failure: inout ExtractionFailure?
    ) -> (any DecodedSound)? {
        while let stream = streams.popFirst() {
            do { return try stream.open() } catch { failure = failure ?? error }
        }
        return nil
    }

    /// Opens the next sound.
    ///
    /// - Returns: Whether there is one.
    mutating func advance() -> Bool {
        noteEnd()
        var failure: ExtractionFailure?
        let sound = Self.openNext(of: &next, &failure)
        if let failure {
            isCutShort = true
            notes.append("a part cannot be decoded: \(failure.detail)")
        }
        guard let sound else { return false }
        self.sound = sound
        frameCount = 0
        return true
    }

    private mutating func noteEnd() {
        if let note = sound.note { notes.append(note) }
        if frameCount < sound.leastFrameCount, !isCutShort, notes.isEmpty {
            notes.append("the sound ends after \(frameCount.grouped) of \(sound.leastFrameCount.grouped) samples")
        }
        isCutShort = isCutShort || sound.isCutShort || frameCount < sound.leastFrameCount
    }

    /// Reads the next frames of the sound that is open, as ``DecodedSound/read(into:numbers:)`` does.
    mutating func read(into samples: inout [Float], numbers: inout Int) throws(ExtractionFailure) -> Int {
        let count = try sound.read(into: &samples, numbers: &numbers)
        frameCount += count
        return count
    }

    /// Reads the next frames of the sound that is open, `most` at the most, as ``DecodedSound/read(into:most:)`` does.
    mutating func read(into block: inout SampleBlock, most: Int) throws(ExtractionFailure) -> Int {
        let count = try sound.read(into: &block, most: most)
        frameCount += count
        return count
    }

    /// Goes to a frame of the sound that is open, where that can be done exactly.
    ///
    /// - Returns: Whether it was done; else nothing more should be read.
    mutating func seek(to frame: Int) -> Bool {
        guard sound.seek(to: frame) else { return false }
        frameCount = frame
        return true
    }

    /// What the file's headers say wrongly, in one line to show; nil if nothing.
    var note: String? {
        guard !notes.isEmpty else { return nil }
        let most = 3
        let more = notes.count > most ? ["and \(notes.count - most) more"] : []
        return (notes.prefix(most) + more).joined(separator: "; ")
    }
}
