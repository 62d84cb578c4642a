import TestSounds
import Testing

@testable import AudioDecoding

struct ByteViewTests {
    static let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }

    /// The same by plain arrays.
    @Test func showsPartsAsOne() throws {
        try withView(Self.bytes) { view in
            #expect(view.bytes(from: 0, most: 300_000) == Self.bytes)
            var joined = view.slice(10..<70_000)
            joined.append([1, 2, 3])
            joined.append(view, 150_000..<900_000)
            let plain = Self.bytes[10..<70_000] + [1, 2, 3] + Self.bytes[150_000...]
            #expect(joined.size == Int64(plain.count))
            #expect(joined.bytes(from: 0, most: 300_000) == Array(plain))
            let inner = joined.dropping(60_000).replacing(at: 9_990, with: [9, 9])
            var expected = Array(plain.dropFirst(60_000))
            expected.replaceSubrange(9_990..<9_992, with: [9, 9])
            #expect(inner.bytes(from: 0, most: 300_000) == expected)
            #expect(inner.bytes(at: inner.size - 1, count: 2) == nil)
            #expect(inner.bytes(at: -1, count: 1) == nil)
        }
    }

    @Test("Finds bytes wherever they stand", arguments: [0, 65_533, 65_534, 65_535, 65_536, 130_000, 199_996])
    func finds(place: Int) throws {
        var bytes = [UInt8](repeating: 0x4f, count: 200_000)
        bytes.replaceSubrange(place..<place + 4, with: Container.text("Oggs"))
        try withView(bytes) { view in
            #expect(view.find(Container.text("Oggs"), from: 0) == Int64(place))
            #expect(view.find(Container.text("Oggs"), from: Int64(place) + 1) == nil)
            #expect(view.find(Container.text("Oggs"), from: 0, before: Int64(place)) == nil)
        }
    }
}
