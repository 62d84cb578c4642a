import Testing

@testable import TimbreCoding

struct CanonicalBytesTests {
    @Test func bytesAreTextOfTheStandardAlphabet() {
        let bytes: [UInt8] = [0, 0x80, 0xfb, 0xef, 0xff]
        #expect(bytes.base64 == "AID77/8=")
        #expect([UInt8](base64: "AID77/8=") == bytes)
        #expect([UInt8]().base64 == "" && [UInt8](base64: "") == [])
    }

    @Test(
        "Refuses all but the one text that some bytes have",
        arguments: [
            "AIAAAAAAAAAAQAAAAAAAEA", "AIAAAAAAAAAAQAAAAAAAEA=", "AIAAAAAAAAAAQAAAAAAAEA= =",
            "AIAAAAAAAAAAQAAAAAAAEB==", "AIAAAAAAAA-AQAAAAAAAEA==", "AI=AAAAAAAAAQAAAAAAAEA==", "AIAA\nAAAA", "AIA",
            "AIAA====", "=",
        ])
    func refuses(text: String) { #expect([UInt8](base64: text) == nil) }

    @Test func numbersAreLittleEndian() {
        #expect([Float](littleEndianBytes: [0, 0, 0x80, 0x3f]) == [1])
        #expect(([1] as [Float]).littleEndianBytes == [0, 0, 0x80, 0x3f])
        #expect([UInt16](littleEndianBytes: [1, 2, 3, 4]) == [0x201, 0x403])
        #expect([Float](littleEndianBytes: [1, 2, 3]) == nil && [UInt16](littleEndianBytes: [1]) == nil)
    }
}
