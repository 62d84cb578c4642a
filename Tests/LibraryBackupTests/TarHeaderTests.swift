import Testing

@testable import LibraryBackup

struct TarHeaderTests {
    @Test("Is read as it was written", arguments: [0, 1, 511, 512, 8_589_934_591, 8_589_934_592, 1 << 50] as [Int64])
    func roundTrip(byteCount: Int64) throws {
        let header = TarHeader(name: "library.sqlite", byteCount: byteCount, time: 1_795_890_613)
        #expect(header.bytes.count == 512)
        #expect(TarHeader(header.bytes) == header)
        #expect((byteCount + Int64(header.padding)) % 512 == 0)
    }

    /// What GNU tar 1.34 makes of a file of three bytes, all of which is in the sum:
    /// `tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=600 --mtime=@1000000000`.
    private static let gnu = (
        name: "a", mode: "0000600", size: "00000000003", time: "07346545000", sum: "007373"
    )

    @Test func isWhatGNUTarWrites() {
        let bytes = TarHeader(name: Self.gnu.name, byteCount: 3, time: 1_000_000_000).bytes
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self) }
        #expect(text(0..<100) == Self.gnu.name)
        #expect(text(100..<108) == Self.gnu.mode)
        #expect(text(124..<136) == Self.gnu.size)
        #expect(text(136..<148) == Self.gnu.time)
        #expect(text(148..<156) == Self.gnu.sum)
    }

    @Test func aChangeOfAnyByteIsNoticed() {
        let bytes = TarHeader(name: "library.sqlite", byteCount: 123_456, time: 1).bytes
        // But for those of the sum itself, where a zero may be a space.
        for place in bytes.indices where !(148..<156).contains(place) {
            var changed = bytes
            changed[place] ^= 0x10
            #expect(TarHeader(changed) == nil, "byte \(place)")
        }
    }

    @Test func whatIsNoFileIsNone() {
        #expect(TarHeader([]) == nil)
        #expect(TarHeader([UInt8](repeating: 0, count: 512)) == nil)
        #expect(TarHeader(Array("SQLite format 3".utf8) + [UInt8](repeating: 0, count: 497)) == nil)
    }
}
