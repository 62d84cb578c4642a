import CTimbreKernels
import TimbreCodes

/// Codes in planes: of 512 codes the first bits, then the second ones; and how many bits each has, in planes as well.
///
/// A search reads the planes of the bits that its query has, and no others. A code takes 17 bytes; the last block is
/// filled up with codes without any bit.
struct CodePlanes: Sendable {
    /// Codes in a block.
    static let blockSize = Int(TIMBRE_PLANE_BLOCK)
    private static let wordsPerPlane = Int(TIMBRE_PLANE_WORDS)
    private static let wordsPerBlock = Int(TIMBRE_PLANES) * wordsPerPlane

    private(set) var count = 0
    /// Blocks of ``blockSize`` codes, each of 136 planes, each of 8 words.
    private(set) var words: [UInt64] = []

    init() {}

    /// Takes codes from the blocks of another value; nil if the blocks hold another number of codes.
    init?(count: Int, words: [UInt64]) {
        guard words.count == (count + Self.blockSize - 1) / Self.blockSize * Self.wordsPerBlock else { return nil }
        (self.count, self.words) = (count, words)
    }

    subscript(place: Int) -> TimbreCode {
        var code = TimbreCode.empty
        let (start, shift) = position(of: place)
        for bit in 0..<64 {
            let plane = start + Self.wordsPerPlane * bit
            code.high = code.high << 1 | words[plane] >> shift & 1
            code.low = code.low << 1 | words[plane + 64 * Self.wordsPerPlane] >> shift & 1
        }
        return code
    }

    /// How many bits a code has.
    func bitCount(at place: Int) -> Int {
        let (start, shift) = position(of: place)
        return (0..<8).reduce(0) { count, level in
            count | Int(words[start + Self.wordsPerPlane * (TimbreCode.width + level)] >> shift & 1) << level
        }
    }

    mutating func append(_ code: TimbreCode) {
        if count % Self.blockSize == 0 { words.append(contentsOf: repeatElement(0, count: Self.wordsPerBlock)) }
        let (start, shift) = position(of: count)
        code.forEachBit { words[start + Self.wordsPerPlane * $0] |= 1 << shift }
        let bitCount = UInt64(code.bitCount)
        for level in 0..<8 {
            words[start + Self.wordsPerPlane * (TimbreCode.width + level)] |= (bitCount >> level & 1) << shift
        }
        count += 1
    }

    /// Keeps the first codes, and drops the others.
    mutating func truncate(to newCount: Int) {
        precondition((0...count).contains(newCount))
        let blocks = (newCount + Self.blockSize - 1) / Self.blockSize
        words.removeLast(words.count - blocks * Self.wordsPerBlock)
        count = newCount
        guard newCount % Self.blockSize != 0 else { return }
        let (first, shift) = position(of: newCount)
        let start = (blocks - 1) * Self.wordsPerBlock
        for plane in stride(from: start, to: words.count, by: Self.wordsPerPlane) {
            let own = first - start
            words[plane + own] &= (1 << shift) - 1
            for word in (own + 1)..<max(own + 1, Self.wordsPerPlane) { words[plane + word] = 0 }
        }
    }

    /// Passes on, ascending, the places of all codes that have a bit.
    func forEachPlace(having bit: Int, _ body: (Int) -> Void) {
        for first in stride(from: 0, to: count, by: 64) {
            var rest = words[position(of: first).word + Self.wordsPerPlane * bit]
            while rest != 0 {
                body(first + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// Passes on where the block is that starts with a code.
    func withBlocks(from place: Int, _ body: (UnsafePointer<UInt64>) -> Void) {
        precondition(place % Self.blockSize == 0 && (0..<count).contains(place))
        unsafe words.withUnsafeBufferPointer { words in
            unsafe body(words.baseAddress! + place / Self.blockSize * Self.wordsPerBlock)
        }
    }

    /// Reads as many bytes as the codes themselves have; see ``TimbreIndex/read(_:)``.
    func read() -> UInt64 { words.read(2 * count) }

    /// Gives back memory that was kept for more codes.
    mutating func trim() { words.trim() }

    /// Where the first bit of a code is: the word, and the place in it.
    private func position(of place: Int) -> (word: Int, shift: UInt64) {
        let (block, own) = place.quotientAndRemainder(dividingBy: Self.blockSize)
        return (block * Self.wordsPerBlock + own / 64, UInt64(own % 64))
    }
}
