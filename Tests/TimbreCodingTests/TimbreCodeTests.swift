import Testing
import TimbreCoding

struct TimbreCodeTests {
    // A query of zounds' timbre example, and the bits that the code's definition says it has.
    let known = "AIAAAAAAAAAAQAAAAAAAEA=="

    @Test func readsAQueryOfZounds() throws {
        let code = try #require(TimbreCode(text: known))
        #expect(code.bits == [8, 73, 123])
        #expect(code.bytes == [0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0x10])
        #expect(code == TimbreCode(bits: [8, 73, 123]))
        #expect(code.description == known)
        #expect(code.bitCount == 3)
    }

    @Test("Each bit has a place of its own", arguments: 0..<128)
    func bitsArePackedMostSignificantFirst(bit: Int) {
        let code = TimbreCode(bits: [bit])
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes[bit / 8] = 1 << UInt8(7 - bit % 8)
        #expect(code.bytes == bytes)
        #expect(TimbreCode(bytes: bytes) == code)
        #expect(TimbreCode(text: code.description) == code)
        #expect(code.bits == [bit])
    }

    @Test(
        "Refuses what is not the base64 of 16 bytes",
        arguments: [
            "", "AIAAAAAAAAAAQAAAAAAAEA", "AIAAAAAAAAAAQAAAAAAAEA=", "AIAAAAAAAAAAQAAAAAAAEA= =",
            "AIAAAAAAAAAAQAAAAAAA",
            "AIAAAAAAAAAAQAAAAAAAEAAA", "AIAAAAAAAAAAQAAAAAAAEB==", "AIAAAAAAAA-AQAAAAAAAEA==",
            "AI=AAAAAAAAAQAAAAAAAEA==",
        ])
    func refuses(text: String) { #expect(TimbreCode(text: text) == nil) }

    @Test func countsDifferingAndSharedBits() {
        let (a, b) = (TimbreCode(bits: [0, 1, 63, 64, 127]), TimbreCode(bits: [1, 2, 64, 126]))
        #expect(a.distance(to: b) == 5)
        #expect(a.sharedBits(with: b) == 2)
        #expect(a.distance(to: a) == 0)
        #expect(!a.isEmpty && TimbreCode.empty.isEmpty)
    }
}
