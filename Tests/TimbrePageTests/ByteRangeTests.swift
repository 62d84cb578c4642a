import Testing

@testable import TimbrePage

struct ByteRangeTests {
    // RFC 9110, section 14.1.2, has the examples for 10 000 bytes.
    static let ranges: [(String?, UInt64, ByteRange)] = [
        (nil, 100, .whole), ("bytes=0-499", 10_000, .part(from: 0, count: 500)),
        ("bytes=500-999", 10_000, .part(from: 500, count: 500)), ("bytes=-500", 10_000, .part(from: 9500, count: 500)),
        ("bytes=9500-", 10_000, .part(from: 9500, count: 500)), ("bytes=0-0", 10_000, .part(from: 0, count: 1)),
        ("bytes=0-99999", 10_000, .part(from: 0, count: 10_000)),
        ("bytes=-99999", 10_000, .part(from: 0, count: 10_000)),
        ("bytes=0-0,-1", 10_000, .whole), ("bytes=9999-9999", 10_000, .part(from: 9999, count: 1)),
        ("bytes=10000-", 10_000, .unsatisfiable), ("bytes=-0", 10_000, .unsatisfiable), ("bytes=0-", 0, .unsatisfiable),
        ("bytes=-1", 0, .unsatisfiable), ("bytes=5-4", 10_000, .malformed), ("bytes=-", 10_000, .malformed),
        ("bytes=", 10_000, .malformed), ("bytes=1", 10_000, .malformed), ("bytes=a-b", 10_000, .malformed),
        ("bytes=+1-2", 10_000, .malformed), ("bytes= 1-2", 10_000, .malformed), ("frames=1-2", 10_000, .malformed),
        ("bytes=0-9223372036854775807", 10_000, .part(from: 0, count: 10_000)),
        ("bytes=9223372036854775807-", 10_000, .unsatisfiable),
        ("bytes=9223372036854775808-", 10_000, .malformed), ("bytes=0-99999999999999999999", 10_000, .malformed),
    ]

    @Test("A range is read as RFC 9110 has it", arguments: ranges)
    func reads(field: String?, size: UInt64, range: ByteRange) {
        #expect(ByteRange(field, size: size) == range)
    }
}
