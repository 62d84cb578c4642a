import Testing
import TimbreCodes

struct TimbreCodeTests {
    // A query of zounds' timbre example, AIAAAAAAAAAAQAAAAAAAEA== in base64, and the bits that the code's definition says it
    // has.
    @Test func readsAQueryOfZounds() throws {
        let bytes: [UInt8] = [0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0x10]
        let code = try #require(TimbreCode(bytes: bytes))
        #expect(code.bits == [8, 73, 123])
        #expect(code.bytes == bytes)
        #expect(code == TimbreCode(bits: [8, 73, 123]))
        #expect(code.bitCount == 3)
    }

    @Test("Each bit has a place of its own", arguments: 0..<128)
    func bitsArePackedMostSignificantFirst(bit: Int) {
        let code = TimbreCode(bits: [bit])
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes[bit / 8] = 1 << UInt8(7 - bit % 8)
        #expect(code.bytes == bytes)
        #expect(TimbreCode(bytes: bytes) == code)
        #expect(code.bits == [bit])
    }

    @Test(arguments: [0, 1, 15, 17])
    func refusesAnotherNumberOfBytes(count: Int) {
        #expect(TimbreCode(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func countsDifferingAndSharedBits() {
        let (a, b) = (TimbreCode(bits: [0, 1, 63, 64, 127]), TimbreCode(bits: [1, 2, 64, 126]))
        #expect(a.distance(to: b) == 5)
        #expect(a.sharedBits(with: b) == 2)
        #expect(a.distance(to: a) == 0)
        #expect(!a.isEmpty && TimbreCode.empty.isEmpty)
    }
}
