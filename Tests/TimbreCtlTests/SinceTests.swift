import Glibc
import Testing

@testable import timbrectl

struct SinceTests {
    @Test(
        "Reads so long ago",
        arguments: zip(["90s", "45min", "3h", "2d", "1w", "0d"], [90, 2700, 10_800, 172_800, 604_800, 0]))
    func ago(text: String, seconds: Int) {
        #expect(Since(text) == .ago(Double(seconds)))
        #expect(Since(text)?.seconds(now: 1_000_000) == Double(1_000_000 - seconds))
    }

    @Test func readsADay() {
        #expect(Since("2026-01-31") == .day(year: 2026, month: 1, day: 31))
        #expect(Since("2024-02-29") == .day(year: 2024, month: 2, day: 29))
        // date -u -d 2026-01-31 +%s, away by no more than a time zone can be.
        #expect(abs((Since("2026-01-31")?.seconds(now: 0) ?? 0) - 1_769_817_600) <= 14 * 3600)
    }

    @Test(
        "Refuses what is neither",
        arguments: [
            "", "d", "7", "-2d", "2 d", "2dd", "1.5h", "2026-13-01", "2026-02-29", "2026-1-1", "2026-01-00",
            "2100-02-29", "٣d", "99999999999999999999d",
        ])
    func refuses(text: String) { #expect(Since(text) == nil) }
}
