import Testing
import TimbreWire

@testable import CommandOutput

struct SoundTimeTests {
    @Test(
        "Reads what people write",
        arguments: [
            ("0", 0.0), ("12.3", 12.3), ("1e1", 10), ("75", 75), ("1:02.5", 62.5), ("90:00", 5400), ("0:00.250", 0.25),
            ("1:34:07.2", 5647.2), ("100:00:00", 360_000), ("00:00:59.999", 59.999), ("1:00", 60),
            ("200ms", 0.2), ("1.5s", 1.5), ("0ms", 0), ("2.5ms", 0.0025),
        ])
    func reads(text: String, seconds: Double) throws {
        let time = try #require(SoundTime(text))
        #expect(abs(time.seconds - seconds) < 1e-9)
    }

    @Test(
        "Takes nothing else",
        arguments: [
            "", ":", "1:", ":02", "1:2", "1:60", "1:02:60", "1:60:00", "1:2:03", "1.5:00", "1:02.", "1:02.x",
            "1:02.5.5",
            "-1", "-1:00", "+1:00", "1:-2", "1:+2", "1:0x", "1:02:03:04", "a", "inf", "nan", "0x10", "1e999",
            "1:02e1", "1:2e", " 1", "1 s", "s", "ms", "1 ms", "1:02s", "1mss", "1sms", "-1ms", "infs", "9999999999:00",
            "1:٠٢",
        ])
    func refuses(text: String) { #expect(SoundTime(text) == nil) }

    @Test(
        "Writes it as it is read", arguments: [0, 0.05, 9.999, 59.94, 59.95, 60, 61.5, 3599.96, 3600, 5647.2, 86_400])
    func isReadAgain(seconds: Double) throws {
        for digits in 1...3 {
            let text = SoundTime.text(seconds, digits: digits)
            let scale = [10.0, 100, 1000][digits - 1]
            #expect(abs(try #require(SoundTime(text)).seconds - (seconds * scale).rounded() / scale) < 1e-6, "\(text)")
        }
    }

    @Test(
        "Writes it as a clock shows it",
        arguments: [
            (12.34, "12.3"), (59.96, "1:00.0"), (62.5, "1:02.5"), (3599.96, "1:00:00.0"), (5647.2, "1:34:07.2"),
            (36_005, "10:00:05.0"),
        ])
    func writes(seconds: Double, text: String) { #expect(SoundTime.text(seconds, digits: 1) == text) }

    @Test func aPartHasAHyphenOrADash() {
        #expect(TimeSpan(argument: "1:02-1:05.5") == TimeSpan(start: 62, end: 65.5))
        #expect(TimeSpan(argument: "59.5–1:01") == TimeSpan(start: 59.5, end: 61))
        for text in ["1", "1-", "-1", "2-1", "1-1", "1-2-3", "1:02-5", "1–", "a-b"] {
            #expect(TimeSpan(argument: text) == nil, "\(text)")
        }
    }

    @Test func shortSoundsStayInSeconds() {
        #expect(Shown.span(0, 0.5) == "0.00–0.50 s")
        #expect(Shown.span(59.2, 61.5) == "59.20–1:01.50")
        #expect(Shown.span(59.99, 59.996) == "59.99–1:00.00")
        #expect(Shown.moment(5647.204) == "1:34:07.20")
    }
}
