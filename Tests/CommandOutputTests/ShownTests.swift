import Testing

@testable import CommandOutput

struct ShownTests {
    @Test(
        "Control characters do nothing to a terminal",
        arguments: [
            ("a\nb", "a\\nb"), ("\u{1B}[31m", "\\x1b[31m"), ("a\u{202E}b", "a\\u{202e}b"), ("é\u{301}", "é\u{301}"),
            ("\u{9B}", "\\x9b"), ("\u{7F}\t", "\\x7f\\t"),
        ])
    func escapes(text: String, shown: String) {
        #expect(Shown.escaped(text).unicodeScalars.elementsEqual(shown.unicodeScalars))
    }

    @Test(
        "Numbers",
        arguments: [(0.0, 2, "0.00"), (0.995, 2, "1.00"), (-0.001, 2, "0.00"), (-1.5, 1, "-1.5"), (2.5, 0, "3")])
    func numbers(value: Double, digits: Int, text: String) { #expect(Shown.number(value, digits: digits) == text) }

    @Test(
        "Durations and sizes",
        arguments: [
            (Shown.duration(0.42), "0.42 s"), (Shown.duration(185), "3 min 5 s"), (Shown.duration(7440), "2 h 4 min"),
            (Shown.duration(90_000), "1 d 1 h"), (Shown.size(17), "17 B"), (Shown.size(4_200), "4.2 kB"),
            (Shown.size(999_960), "1.0 MB"), (Shown.size(1_300_000_000), "1.3 GB"),
        ])
    func quantities(found: String, expected: String) { #expect(found == expected) }

    @Test("Numbers have their nouns", arguments: [(0, "0 files"), (1, "1 file"), (5515, "5,515 files")])
    func counts(count: Int, text: String) {
        #expect(Shown.count(count, "file") == text)
        #expect(
            Shown.count(1, "search", "searches") == "1 search" && Shown.count(2, "search", "searches") == "2 searches")
    }

    @Test(
        "Counts have commas",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (5515, "5,515"), (1_234_567, "1,234,567"), (-1234, "-1,234"),
        ])
    func commas(count: Int, text: String) { #expect(Shown.count(count) == text) }
}
