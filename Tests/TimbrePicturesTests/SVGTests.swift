import SoundFeatures
import Testing
import TimbreCodes
import TimbreWire

@testable import TimbrePictures

struct SVGTests {
    /// The tags that are open at the end, and what is left over: a reader of XML as small as it can be.
    private func openTags(_ document: String) -> [Substring] {
        var (open, rest) = ([Substring](), document[...])
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = rest[rest.index(after: start)..<end]
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter }
            if tag.hasPrefix("/") {
                guard open.last == name else { return open + [tag] }
                open.removeLast()
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
            rest = rest[rest.index(after: end)...]
        }
        return open
    }

    @Test func namesAreTextWhateverIsInThem() {
        let name = "<script>alert('1')</script> & \"x\" \u{1B}[2J\u{202E}\n.wav"
        let document = SoundPicture(of: [PicturedSound(look(codes: [1]), title: name, facts: "a<b")]).svg(width: 800)
        #expect(!document.contains("<script"))
        #expect(
            document.contains(
                "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot; \\x1b[2J\\u{202e}\\n.wav"))
        #expect(openTags(document).isEmpty)
        #expect(document.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
        #expect(SVG.escaped("\u{0}\u{FFFE}\u{9F}") == "\u{FFFD}\u{FFFD}\u{FFFD}")
    }

    @Test func tellsWhatItShowsInWords() {
        let sound = PicturedSound(look(codes: [1, 2, nil, 2]), title: "bell.wav", facts: "44100 Hz")
        let document = SoundPicture(of: [sound, sound]).svg(width: 1600)
        #expect(document.contains("<title>bell.wav and bell.wav</title>"))
        #expect(document.contains("<desc>bell.wav: 0.08 s from 0.00 s, 2 codes, 44100 Hz;"))
        #expect(!document.contains("href=\"http") && document.contains("href=\"data:image/png;base64,"))
    }

    /// Noise, of which nothing can be compressed: as large as a picture of ten minutes can be.
    @Test func tenMinutesAreNotTooMuch() {
        var generator = SeededGenerator(seed: 3)
        let codes = (0..<2000).map { _ in Int(generator.next() % 128) }
        let levels = Dictionary(
            uniqueKeysWithValues: (0..<2000).map { column in
                (
                    column,
                    Dictionary(
                        uniqueKeysWithValues: (0..<100).map { ($0, UInt8(truncatingIfNeeded: generator.next())) })
                )
            })
        let lows = (0..<4096).map { _ in -Int16(truncatingIfNeeded: generator.next() >> 50) }
        let outline = SoundOutline(
            start: 0, step: 600 / 4096, sampleRate: 44_100, channelCount: 2, lows: lows, highs: lows.map { -$0 })
        let sound = PicturedSound(look(codes: codes, step: 0.3, levels: levels), title: "noise", outline: outline)
        #expect(SoundPicture(of: [sound]).svg(width: 1000).utf8.count <= 400_000)
    }
}
