import Testing
import TimbreWire
import Varlink

struct WirePathTests {
    struct Name {
        var bytes: [UInt8]
        var json: String
    }

    static let names = [
        Name(bytes: Array("/a/kick.wav".utf8), json: #"{"path":"/a/kick.wav"}"#),
        // é composed and decomposed: two files.
        Name(bytes: [0x2F, 0xC3, 0xA9], json: "{\"path\":\"/\u{E9}\"}"),
        Name(bytes: [0x2F, 0x65, 0xCC, 0x81], json: "{\"path\":\"/e\u{301}\"}"),
        Name(bytes: Array("/a\nb\t\u{1}\"\\".utf8), json: #"{"path":"/a\nb\t\u0001\"\\"}"#),
        // A name that holds the replacement character is UTF-8 like any other.
        Name(bytes: Array("/\u{FFFD}.wav".utf8), json: "{\"path\":\"/\u{FFFD}.wav\"}"),
        Name(bytes: Array("/bad".utf8) + [0x80], json: #"{"path":"/bad\\x80","path_bytes":"L2JhZIA="}"#),
        Name(bytes: Array("/ü\\".utf8) + [0xFF, 0x0A], json: #"{"path":"/ü\\\\xff\n","path_bytes":"L8O8XP8K"}"#),
        // Surrogates and overlong forms are not UTF-8, and neither is the beginning of a letter.
        Name(bytes: [0x2F, 0xED, 0xA0, 0x80], json: #"{"path":"/\\xed\\xa0\\x80","path_bytes":"L+2ggA=="}"#),
        Name(bytes: [0x2F, 0xC0, 0xAF], json: #"{"path":"/\\xc0\\xaf","path_bytes":"L8Cv"}"#),
        Name(bytes: [0x2F, 0xF0, 0x9F, 0x8E], json: #"{"path":"/\\xf0\\x9f\\x8e","path_bytes":"L/Cfjg=="}"#),
    ]

    @Test("Goes out and comes back byte for byte", arguments: names)
    func roundTrip(name: Name) throws {
        let json = try JSON.encode(WirePath(name.bytes))
        #expect(json == Array(name.json.utf8), "\(String(decoding: json, as: UTF8.self))")
        #expect(try JSON.decode(WirePath.self, from: json).bytes == name.bytes)
    }

    @Test func everyByteSurvivesInEveryPlace() throws {
        for byte in UInt8(1)...255 {
            for name in [[0x2F, byte], [byte, 0x2F], [0x2F, 0xC3, byte], [0x2F, byte, byte, 0x41]] as [[UInt8]] {
                #expect(try JSON.decode(WirePath.self, from: JSON.encode(WirePath(name))).bytes == name)
            }
        }
    }

    @Test func composedAndDecomposedNamesDiffer() {
        #expect(WirePath("\u{E9}".utf8) != WirePath("e\u{301}".utf8))
        #expect(Set([WirePath("\u{E9}".utf8), WirePath("e\u{301}".utf8)]).count == 2)
    }

    @Test(
        "Refuses what is no path",
        arguments: [
            #"{"path":""}"#, #"{"path":"a\u0000b"}"#,
            #"{"path":"/a","path_bytes":"%"}"#, #"{"path":"/a","path_bytes":"AA=="}"#, #"{"path":7}"#, "{}",
        ])
    func refuses(json: String) {
        #expect(throws: DecodingError.self) { _ = try JSON.decode(WirePath.self, from: Array(json.utf8)) }
    }
}
