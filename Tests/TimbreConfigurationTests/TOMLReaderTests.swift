import Testing

@testable import TimbreConfiguration

/// Examples and rules of <https://toml.io/en/v1.0.0>.
struct TOMLReaderTests {
    private func content(_ key: String, _ text: String) throws -> TOMLValue.Content? {
        try TOMLReader.read(text).entries.first { $0.key == key }?.value.content
    }

    struct Example: Sendable {
        var text: String
        var content: TOMLValue.Content

        init(_ text: String, _ content: TOMLValue.Content) { (self.text, self.content) = (text, content) }
    }

    static let values = [
        Example("+99", .integer(99)), Example("-17", .integer(-17)), Example("1_000", .integer(1000)),
        Example("0xdead_beef", .integer(0xdead_beef)), Example("0o755", .integer(0o755)),
        Example("0b1101", .integer(13)), Example("-9223372036854775808", .integer(.min)),
        Example("3.1415", .number(3.1415)), Example("-2E-2", .number(-0.02)), Example("6.626e-34", .number(6.626e-34)),
        Example("224_617.445_991", .number(224_617.445991)), Example("-inf", .number(-.infinity)),
        Example("true", .bool(true)), Example("1979-05-27T07:32:00-08:00", .time),
        Example("1979-05-27 07:32:00Z", .time), Example("1979-05-27", .time), Example("07:32:00", .time),
        Example(#""I'm a \"string\". \t Jos\u00E9 \U0001F600""#, .string("I'm a \"string\". \t José 😀")),
        Example(#"'C:\Users\'"#, .string(#"C:\Users\"#)), Example("\"\"", .string("")),
        Example("\"\"\"\nRoses\r\nViolets\"\"\"", .string("Roses\nViolets")),
        Example("\"\"\"The \\\n\n   fox \\  \n  jumps\"\"\"", .string("The fox jumps")),
        Example("\"\"\"\"two\"\"\"\"\"", .string("\"two\"\"")), Example("'''a''b'''", .string("a''b")),
        Example("[]", .array([])), Example("{}", .table(TOMLTable(.braces))),
    ]

    @Test("Values are read", arguments: values)
    func valuesAreRead(example: Example) throws {
        #expect(try content("key", "key = \(example.text) # comment") == example.content)
        #expect(try content("key", "key=\(example.text)\r\nother=1") == example.content)
    }

    @Test func keysStandInTheirTables() throws {
        let table = try TOMLReader.read(
            """
            \u{feff}# settle = 1
            bare_key-1 = 1
            "127.0 \\"1\\"" = 2
            site . 'google.com' = 3
            list = [ # ]
              "a]", [ 1, 2, ],
            ] # end
            inline = { a = 1, b.c = "x" }

            [ retrain ]
            seed = 4
            [x.y.z]
            [x]
            deep.er = 5
            """)
        #expect(
            table.entries.map { "\($0.key):\($0.value.line)" } == [
                "bare_key-1:2", "127.0 \"1\":3", "site:4", "list:5", "inline:8", "retrain:10", "x:12",
            ])
        func inner(_ path: String...) -> TOMLValue? {
            path.reduce(TOMLValue(content: .table(table), line: 0)) { value, key in
                value?.table?.entries.first { $0.key == key }?.value
            }
        }
        #expect(inner("site", "google.com")?.int == 3)
        #expect(inner("list")?.array?.map(\.type) == ["string", "array"])
        #expect(inner("inline", "b", "c")?.string == "x")
        #expect(inner("retrain", "seed") == TOMLValue(content: .integer(4), line: 11))
        #expect(inner("x", "y", "z")?.table?.entries == [])
        #expect(inner("x", "deep", "er") == TOMLValue(content: .integer(5), line: 14))
    }

    struct Mistake: Sendable {
        var text: String
        var line: Int

        init(_ text: String, _ line: Int = 1) { (self.text, self.line) = (text, line) }
    }

    static let mistakes = [
        // The library that was used before ended the process over these.
        Mistake("a = 1\n[[[a]]]", 2), Mistake("[[=", 1), Mistake("a = 1979-05-27Tmax", 1), Mistake("a = [}", 1),
        Mistake("first = \"Tom\" last = \"P\""), Mistake("= 1"), Mistake("a ="), Mistake("a"), Mistake("a = b"),
        Mistake("a = 1\na = 2", 2), Mistake("a.b = 1\na = 2", 2), Mistake("a = 1\na.b = 2", 2),
        Mistake("[a]\n[a]", 2), Mistake("[a]\nb = 1\n[a.b]", 3), Mistake("[a.b]\n[a]\nb.c = 1", 3),
        Mistake("a.b = 1\n[a]", 2), Mistake("a = {b = 1}\na.c = 2", 2), Mistake("a = {b = 1}\n[a.c]", 2),
        Mistake("a = {b = 1,}"), Mistake("a = {b = 1\n}"), Mistake("[a"), Mistake("[]"), Mistake("[a.]"),
        Mistake("\na = \"x\ny\"", 2), Mistake("a = \"\"\"x\n\ny", 1), Mistake(#"a = "\x""#), Mistake(#"a = "\ud800""#),
        Mistake(#"a = "\u00+1""#), Mistake("a = 'x"), Mistake("a = 01"), Mistake("a = 1__0"), Mistake("a = 1."),
        Mistake("a = +0x1"), Mistake("a = 9223372036854775808"), Mistake("a = [1 2]"), Mistake("a = [\n\n", 3),
        Mistake("a = [,]"), Mistake("# \u{1}"), Mistake("a = 1\r"), Mistake("a = tRUE"), Mistake("a = \"\u{7f}\""),
        Mistake("a = " + String(repeating: "[", count: 100_000)),
        Mistake("a = " + String(repeating: "1", count: 100_000)),
        Mistake("a = \"\"\"\"\"\"\"\"\""),
    ]

    @Test("Mistakes are told with their line", arguments: mistakes)
    func mistakesAreTold(mistake: Mistake) {
        let error = #expect(throws: TOMLError.self) { try TOMLReader.read(mistake.text) }
        #expect(error?.line == mistake.line, "\(mistake.text.prefix(40)): \(error?.problem ?? "")")
        #expect(error?.problem.isEmpty == false && error?.problem.contains("\n") == false)
    }

    @Test func everyPrefixOfATextIsReadOrRefused() {
        let text = Array(
            "a.'b' = [ \"\\u00e9\", {c = 0x1, d = 1979-05-27 07:32:00}, '''x\n''' ] # é\r\n[ x . \"y\" ]\nz = -1.5e3"
                .utf8)
        for count in 0...text.count {
            do { _ = try TOMLReader.read(String(decoding: text.prefix(count), as: UTF8.self)) } catch {
                #expect((1...4).contains(error.line))
            }
        }
    }
}
