import ContentHash
import SoundEvents

/// A part of a sound's events, as it lies in an ``EventFile``: up to 1,024 of them, those over like backgrounds together.
///
/// A head of 40 bytes: magic, the number of events, the part's own place in the file, the frames of the sound, the number
/// of the part, and an XXH3 of what follows. Then of each event its frame in 4 bytes; of each the shape of its background
/// in one; of each its patch. All numbers are little-endian.
struct EventPart {
    /// Events in a part that is not the last.
    static let capacity = 1024
    /// Bytes of a full part, and the most of any.
    static let fullSize = size(of: capacity)

    private static let magic: UInt32 = 0x3145_4254  // "TBE1"
    private static let headSize = 40
    private static let checksumPlace = 24

    /// How many events there are.
    let count: Int
    /// The first byte in the buffer that it is read from.
    private let start: Int

    private static func size(of count: Int) -> Int { headSize + count * (5 + SoundEvents.patchSize) }

    /// Bytes of all parts of a sound.
    static func size(ofEvents count: Int) -> Int {
        let (full, rest) = count.quotientAndRemainder(dividingBy: capacity)
        return full * fullSize + (rest > 0 || full == 0 ? size(of: rest) : 0)
    }

    /// How many events each part of a sound has.
    static func counts(ofEvents count: Int) -> [Int] {
        stride(from: 0, to: max(count, 1), by: capacity).map { min(capacity, count - $0) }
    }

    /// The parts of a sound, one after the other.
    ///
    /// - Parameter position: Where they are going to be.
    static func bytes(of events: SoundEvents, frameCount: Int, at position: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size(ofEvents: events.count))
        for (number, count) in counts(ofEvents: events.count).enumerated() {
            let first = number * capacity
            let order = (first..<first + count).sorted { (events.shapes[$0], $0) < (events.shapes[$1], $1) }
            var body: [UInt8] = []
            body.reserveCapacity(size(of: count))
            for event in order { body.append(number: events.frames[event]) }
            body += order.map { events.shapes[$0] }
            for event in order {
                body += events.patches[event * SoundEvents.patchSize..<(event + 1) * SoundEvents.patchSize]
            }
            let place = UInt64(position) + UInt64(bytes.count)
            bytes.append(number: magic)
            bytes.append(number: UInt32(count))
            bytes.append(number: place)
            bytes.append(number: UInt32(frameCount))
            bytes.append(number: UInt32(number))
            bytes += AudioHash(ofAll: body[...]).bytes + body
        }
        return bytes
    }

    /// The part that begins at a place of a buffer; nil if it is not the one that should be there.
    ///
    /// - Parameters:
    ///   - count: How many events it should have.
    ///   - position: Where it should be in the file.
    init?(in bytes: [UInt8], from start: Int, count: Int, at position: Int64) {
        guard start + Self.size(of: count) <= bytes.count, bytes.number(at: start) == Self.magic,
            bytes.number(at: start + 4) == UInt32(count), bytes.number(at: start + 8) == UInt64(position)
        else { return nil }
        self.count = count
        self.start = start
    }

    /// Whether no bit of it has changed since it was written.
    func isWhole(in bytes: [UInt8]) -> Bool {
        let hash = start + Self.checksumPlace
        return AudioHash(ofAll: bytes[start + Self.headSize..<start + Self.size(of: count)]).bytes
            == Array(bytes[hash..<start + Self.headSize])
    }

    func frame(of event: Int, in bytes: [UInt8]) -> UInt32 {
        bytes.number(at: start + Self.headSize + 4 * event)
    }

    /// The events over backgrounds of one shape, from an event on.
    func run(from event: Int, in bytes: [UInt8]) -> (shape: UInt8, events: Range<Int>) {
        let shapes = start + Self.headSize + 4 * count
        let shape = bytes[shapes + event]
        var end = event + 1
        while end < count, bytes[shapes + end] == shape { end += 1 }
        return (shape, event..<end)
    }

    /// Where the patches of some events are in the buffer.
    func patches(of events: Range<Int>) -> Range<Int> {
        let first = start + Self.headSize + 5 * count
        return first + events.lowerBound * SoundEvents.patchSize..<first + events.upperBound * SoundEvents.patchSize
    }

    /// The events, in the order of their frames.
    func events(in bytes: [UInt8]) -> SoundEvents {
        var events = SoundEvents()
        let shapes = start + Self.headSize + 4 * count
        for event in (0..<count).sorted(by: { frame(of: $0, in: bytes) < frame(of: $1, in: bytes) }) {
            events.frames.append(frame(of: event, in: bytes))
            events.shapes.append(bytes[shapes + event])
            events.patches += bytes[patches(of: event..<event + 1)]
        }
        return events
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    fileprivate func number<Number: FixedWidthInteger>(at place: Int) -> Number {
        (0..<Number.bitWidth / 8).reduce(0) { $0 | Number(self[place + $1]) << Number(8 * $1) }
    }
}

extension AudioHash {
    fileprivate init(ofAll bytes: ArraySlice<UInt8>) {
        var hasher = AudioHasher()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update($0) }
        self = hasher.finish()
    }
}
