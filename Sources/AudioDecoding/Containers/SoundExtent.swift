/// How far the sound of a container reaches: what its header claims, held against what the file has there.
///
/// A recorder that is killed leaves the sizes at zero, or where they were when it last wrote them; one that goes on beyond
/// 4 GiB leaves what is left of the size modulo 2³². What follows the claimed end tells: chunks, tags or nothing, and the
/// header is right; anything else, and it is sound.
struct SoundExtent {
    /// Where the sound begins and ends.
    var range: Range<Int64>
    /// Bytes that the header claims.
    var claimed: UInt64
    /// Whether the header is right, or leaves the length open in a way that every reader knows.
    var isAsClaimed: Bool
    /// Where something else may follow.
    var end: Int64

    /// What is known of chunks behind the claimed end.
    enum Chunks {
        /// They may follow, as they stand in WAV and AIFF files.
        case possible
        case none
        /// They do follow.
        case found
    }

    /// Bytes behind the claimed end that may be something other than sound where all sizes in the header agree: programs
    /// leave such remains.
    private static let mostRemains: Int64 = 4096

    /// - Parameters:
    ///   - start: Where the sound begins.
    ///   - formEnd: Where the whole file ends by its header; 0 if the header does not say.
    ///   - isBigEndian: How the sizes of chunks are written.
    ///   - chunks: What is known of chunks behind the claimed end.
    init(
        _ view: ByteView, from start: Int64, claimed: UInt64, formEnd: Int64 = 0, isBigEndian: Bool,
        chunks: Chunks = .possible
    ) {
        self.claimed = claimed
        let held = max(0, view.size - start)
        let (rest, claim) = (start..<max(start, view.size), Int64(clamping: claimed))
        guard claim < held else {
            (range, isAsClaimed, end) = (rest, true, view.size)
            return
        }
        let next = start + claim
        if let whole = Self.unwrapped(claim, held: held) {
            (range, isAsClaimed, end) = (start..<start + whole, false, start + whole)
            return
        }
        let follower = Self.follower(
            in: view, at: next, formEnd: formEnd, isBigEndian: isBigEndian, chunks: chunks)
        let isRight =
            switch follower {
            case _ where Self.isOpen(claimed): false
            case .end, .chunks, .tag: true
            case .file, .zeros: claim > 0
            case .other: next...next + 1 ~= formEnd && claim > 0 && held - claim <= Self.mostRemains
            }
        (range, isAsClaimed, end) = isRight ? (start..<next, true, next + claim % 2) : (rest, false, view.size)
        if isRight, !FileStart.isKnown(in: view, at: end) { end = FileStart.isKnown(in: view, at: next) ? next : end }
    }

    /// The size of which a claim is what 32 bits can hold; nil if it is not one.
    private static func unwrapped(_ claim: Int64, held: Int64) -> Int64? {
        let (whole, rest) = ((held >> 32) << 32, held & 0xffff_ffff)
        return whole > 0 && claim <= rest && rest - claim <= mostTail && claim < 1 << 32 ? whole + claim : nil
    }

    /// Bytes of chunks that may stand behind a sound whose size has wrapped.
    private static let mostTail: Int64 = 1 << 16

    /// Whether a size is one that writers put who do not know it: all ones, SoX's 0x7ffff000, and arecord's 0x80000000.
    private static func isOpen(_ claimed: UInt64) -> Bool {
        claimed >= 0xffff_ff00 && claimed <= 0xffff_ffff || [0x7fff_f000, 0x7fff_ffff, 0x8000_0000].contains(claimed)
    }

    /// What stands behind the claimed end of a sound.
    private enum Follower {
        case end, chunks, tag, zeros, file, other
    }

    private static func follower(
        in view: ByteView, at place: Int64, formEnd: Int64, isBigEndian: Bool, chunks: Chunks
    ) -> Follower {
        if chunks == .found { return .chunks }
        if view.size - place <= 1 { return .end }
        for start in [place, place + place % 2] {
            if chunks == .possible, areChunks(view, from: start, formEnd: formEnd, isBigEndian: isBigEndian) {
                return .chunks
            }
            if TagBlock.begins(in: view, at: start) { return .tag }
            if FileStart.isKnown(in: view, at: start) { return .file }
        }
        return view.firstNonzero(from: place) == nil ? .zeros : .other
    }

    /// Whether chunks follow each other from a place to the end of the file, or to where it ends by its header.
    private static func areChunks(
        _ view: ByteView, from start: Int64, formEnd: Int64, isBigEndian: Bool
    ) -> Bool {
        var place = start
        for _ in 0..<4096 {
            guard let name = view.bytes(at: place, count: 4), ChunkName.isPlausible(name),
                let size = view.number(at: place + 4, bytes: 4, isBigEndian: isBigEndian)
            else { return false }
            place += 8 + Int64(size)
            if formEnd...formEnd + 1 ~= place { return true }
            // A writer may forget the byte that makes a size even, and what stands behind its last chunk is no matter.
            if place >= view.size - 8 { return place <= view.size + 1 }
            if size % 2 == 1, view.bytes(at: place, count: 4).map(ChunkName.isPlausible) != true { place += 1 }
        }
        return false
    }
}

/// The four letters that a chunk begins with.
enum ChunkName {
    /// Whether bytes can be a chunk's name: letters, digits, a few signs, and spaces at its end.
    static func isPlausible(_ bytes: [UInt8]) -> Bool {
        bytes.first != UInt8(ascii: " ")
            && bytes.allSatisfy { (0x20...0x7a).contains($0) && !(0x21...0x27).contains($0) && $0 != 0x60 }
    }
}
