import Testing

@testable import TimbreDaemon

struct KeyLinesTests {
    @Test func keysAreFoundWhereTheyStand() {
        let lines = KeyLines(
            of: """
                # settle = 1
                text = "settle = # 1"
                long = \"\"\"
                workers = 1
                \\\"\"\" still
                \"\"\"
                literal = 'C:\\'
                list = [ # ]
                  "a]", [
                  ]
                ] # settle
                settle = 5
                "quoted key" = 1
                table.dotted = 2
                inline = { a = 1 }

                [ retrain ]
                seed = 1
                [[many]]
                x = 1
                [[many]]
                x = 2
                """)
        let expected = [
            "text": 2, "long": 3, "literal": 7, "list": 8, "settle": 12, "quotedkey": nil, "quoted key": 13,
            "table.dotted": 14, "inline": 15, "inline.a": 15, "retrain": 17, "retrain.seed": 18, "many": 19,
            "many.x": 20, "workers": nil, "retrain.other": 17,
        ]
        for (key, line) in expected { #expect(lines[key] == line, "\(key)") }
    }

    @Test func textThatBreaksOffDoesNoHarm() {
        for text in ["a = \"", "a = \"\"\"x", "a = [", "[a", "a", "\"a", "a = \"\\", "a = '''"] {
            _ = KeyLines(of: text)
        }
    }

    @Test func linesAreCountedWithCarriageReturns() {
        let lines = KeyLines(of: "a = 1\r\n\r\nb = 2\r\n")
        #expect(lines["b"] == 3)
    }
}
