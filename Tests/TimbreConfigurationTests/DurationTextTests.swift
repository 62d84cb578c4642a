import Testing

@testable import TimbreConfiguration

struct DurationTextTests {
    static let durations: [(String, Duration)] = [
        ("250ms", .milliseconds(250)), ("2s", .seconds(2)), ("1.5s", .milliseconds(1500)), ("4h", .seconds(14_400)),
        ("90m", .seconds(5400)), ("90min", .seconds(5400)), ("1h30m", .seconds(5400)), ("1h 30m", .seconds(5400)),
        ("0s", .zero), ("1d", .seconds(86_400)), ("0.125s", .milliseconds(125)), ("10000ms", .seconds(10)),
    ]

    @Test("What people write is understood", arguments: durations)
    func reads(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "What is no duration is refused",
        arguments: [
            "", " ", "5", "s", "fast", "-1s", "+1s", "1 s", "1s ,", "1..5s", ".5s", "5.s", "1,5s", "1S", "1h30", "1e3s",
            "٣s", "99999999d", "1.2345s", "1.2.3s",
        ])
    func refuses(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "Durations are written as they would be typed", arguments: ["0ms", "250ms", "1500ms", "2s", "90m", "4h", "7d"])
    func writes(text: String) {
        #expect(Duration(text: text)?.text == text)
    }
}
