/// What a file says of its sound beside the sound itself: texts that somebody has written, and facts for samplers and
/// sequencers. No likeness depends on it.
package struct SoundTags: Hashable, Sendable {
    package var title: String?
    package var artist: String?
    package var album: String?
    package var comment: String?
    /// Beats per minute, as ``tempos`` has them.
    package var bpm: Double?
    /// The key as it is written in the file; ``MusicalKey`` says which that is.
    package var key: String?
    /// The note at which the sound was recorded, as MIDI counts: 60 is middle C.
    package var rootNote: Int?
    /// Beats in the whole sound, as a sequencer counts them.
    package var beats: Int?
    /// Whether the file says that it is to be played once, or else to be repeated.
    package var isOneShot: Bool?
    /// The parts that a sampler repeats, in frames at the file's own rate; ``mostLoops`` at the most.
    package var loops: [Range<Int>] = []

    /// Tempos that are believed, in beats per minute.
    package static let tempos = 1.0...999.0
    /// Bytes of UTF-8 in a text at the most.
    package static let longestText = 1000
    package static let mostLoops = 16
    /// Frames that a loop can reach to: what lies behind is a mistake.
    private static let lastFrame = 1 << 44

    /// No tags.
    package init() {}

    package var isEmpty: Bool { self == SoundTags() }

    /// The texts that people write, in which a word can be looked for.
    package static let texts: [(name: String, path: any WritableKeyPath<SoundTags, String?> & Sendable)] = [
        ("title", \.title), ("artist", \.artist), ("album", \.album), ("comment", \.comment), ("key", \.key),
    ]

    /// Whether the file says that it is a loop, or that it is none; nil if it does not say.
    ///
    /// A part that a sampler repeats makes a loop of a file only if it is nearly the whole of it: in others it is what
    /// keeps a note sounding.
    ///
    /// - Parameter frameCount: Frames in the file.
    package func isLoop(frameCount: Int) -> Bool? {
        if let isOneShot { return !isOneShot }
        return loops.contains { 10 * $0.count >= 9 * frameCount } ? true : nil
    }

    /// Takes from other tags what these do not have.
    package mutating func fill(from other: SoundTags) {
        for (_, text) in Self.texts where self[keyPath: text] == nil { self[keyPath: text] = other[keyPath: text] }
        bpm = bpm ?? other.bpm
        rootNote = rootNote ?? other.rootNote
        beats = beats ?? other.beats
        isOneShot = isOneShot ?? other.isOneShot
        if loops.isEmpty { loops = other.loops }
    }

    /// A text as it is kept: on one line, without control characters and space around it, and not too long.
    ///
    /// - Returns: Nil if nothing is left.
    package static func kept(_ text: String) -> String? {
        var kept = String.UnicodeScalarView()
        var (count, isApart) = (0, false)
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                isApart = !kept.isEmpty
                continue
            }
            let size = UTF8.width(scalar) + (isApart ? 1 : 0)
            guard count + size <= longestText else { break }
            if isApart { kept.append(" ") }
            kept.append(scalar)
            (count, isApart) = (count + size, false)
        }
        return kept.isEmpty ? nil : String(kept)
    }

    /// Puts a loop among the others, if it is one and there is room.
    package mutating func addLoop(from start: Int, to end: Int) {
        guard loops.count < Self.mostLoops, start >= 0, start < end, end <= Self.lastFrame else { return }
        loops.append(start..<end)
    }
}

/// Tags as bytes, for the database and between processes: of each that is there its number, the count of its bytes in 16
/// bits, and these; numbers little-endian. Numbers that are not known are passed over. No tags are no bytes.
extension SoundTags {
    private enum Member: UInt8 {
        case title = 1
        case artist, album, comment, key, bpm, rootNote, beats, isOneShot, loops
    }

    private static let members: [(Member, any WritableKeyPath<SoundTags, String?> & Sendable)] = [
        (.title, \.title), (.artist, \.artist), (.album, \.album), (.comment, \.comment), (.key, \.key),
    ]

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ member: Member, _ value: [UInt8]) {
            bytes += [member.rawValue, UInt8(truncatingIfNeeded: value.count), UInt8(value.count >> 8)] + value
        }
        func little(_ number: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        }
        for (member, path) in Self.members {
            if let text = self[keyPath: path].flatMap(Self.kept) { put(member, Array(text.utf8)) }
        }
        if let bpm { put(.bpm, little(bpm.bitPattern, 8)) }
        if let rootNote { put(.rootNote, little(UInt64(UInt8(clamping: rootNote)), 1)) }
        if let beats { put(.beats, little(UInt64(UInt32(clamping: beats)), 4)) }
        if let isOneShot { put(.isOneShot, [isOneShot ? 1 : 0]) }
        if !loops.isEmpty {
            put(
                .loops,
                loops.prefix(Self.mostLoops).flatMap {
                    little(UInt64($0.lowerBound), 8) + little(UInt64($0.upperBound), 8)
                })
        }
        return bytes
    }

    /// Takes what ``bytes`` gave; nil if it is none.
    ///
    /// A worker that reads hostile files may have made them: nothing is taken that no file's tags could be.
    package init?(bytes: [UInt8]) {
        self.init()
        var rest = bytes[...]
        while let number = rest.popFirst() {
            guard rest.count >= 2 else { return nil }
            let count = Int(rest.removeFirst()) | Int(rest.removeFirst()) << 8
            guard rest.count >= count else { return nil }
            let value = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            guard let member = Member(rawValue: number) else { continue }
            guard take(member, value) else { return nil }
        }
    }

    private mutating func take(_ member: Member, _ value: [UInt8]) -> Bool {
        func little(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        switch member {
        case .title, .artist, .album, .comment, .key:
            guard let path = Self.members.first(where: { $0.0 == member })?.1,
                let text = String(validating: value, as: UTF8.self)
            else { return false }
            self[keyPath: path] = Self.kept(text)
        case .bpm:
            guard value.count == 8 else { return false }
            let tempo = Double(bitPattern: little(value))
            guard Self.tempos.contains(tempo) else { return false }
            bpm = tempo
        case .rootNote:
            guard value.count == 1, value[0] < 128 else { return false }
            rootNote = Int(value[0])
        case .beats:
            guard value.count == 4 else { return false }
            beats = Int(little(value))
        case .isOneShot:
            guard value.count == 1 else { return false }
            isOneShot = value[0] != 0
        case .loops:
            guard value.count % 16 == 0, value.count <= 16 * Self.mostLoops else { return false }
            for place in stride(from: 0, to: value.count, by: 16) {
                guard let start = Int(exactly: little(value[place..<place + 8])),
                    let end = Int(exactly: little(value[place + 8..<place + 16]))
                else { return false }
                addLoop(from: start, to: end)
            }
        }
        return true
    }
}
