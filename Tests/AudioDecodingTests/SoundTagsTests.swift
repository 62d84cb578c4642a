import SoundFeatures
import Testing

/// Tags as they are kept, and what they mean.
struct SoundTagsTests {
    @Test func textsAreKeptOnOneLineAndNotTooLong() {
        #expect(SoundTags.kept("  a\u{1b}[31m\r\n\tb\0 ") == "a [31m b")
        #expect(SoundTags.kept(" \u{0} \n") == nil)
        // 1,000 bytes, and no half of a letter.
        let kept = SoundTags.kept(String(repeating: "é", count: 2000) + "x") ?? ""
        #expect(kept.utf8.count == 1000 && kept.allSatisfy { $0 == "é" })
        #expect(SoundTags.kept(kept) == kept)
    }

    @Test func nothingIsTakenThatNoFilesTagsCouldBe() {
        var tags = SoundTags()
        tags.bpm = 120
        let tempo = tags.bytes
        #expect(SoundTags(bytes: tempo) == tags)
        for length in 1..<tempo.count { #expect(SoundTags(bytes: Array(tempo.prefix(length))) == nil) }
        #expect(SoundTags(bytes: [6, 8, 0] + [UInt8](repeating: 0xff, count: 8)) == nil, "not a number")
        #expect(SoundTags(bytes: [1, 1, 0, 0xff]) == nil, "not UTF-8")
        #expect(SoundTags(bytes: [7, 1, 0, 128]) == nil, "not a note")
        // A newer version may write more.
        #expect(SoundTags(bytes: [200, 2, 0, 1, 2] + tempo) == tags)
        #expect(SoundTags(bytes: []) == SoundTags())
        // What a terminal would take for commands is not let through.
        #expect(SoundTags(bytes: [1, 3, 0, 65, 0x1b, 66])?.title == "A B")
    }

    @Test func aFileIsALoopIfItSaysSo() {
        var tags = SoundTags()
        #expect(tags.isLoop(frameCount: 1000) == nil)
        tags.addLoop(from: 500, to: 1000)
        #expect(tags.isLoop(frameCount: 1000) == nil, "what keeps a note sounding")
        tags.addLoop(from: 0, to: 950)
        #expect(tags.isLoop(frameCount: 1000) == true)
        tags.isOneShot = true
        #expect(tags.isLoop(frameCount: 1000) == false)
    }

    @Test func thereAreOnlySoManyLoops() {
        var tags = SoundTags()
        for number in 0..<40 { tags.addLoop(from: number, to: number + 1) }
        tags.addLoop(from: 5, to: 5)
        #expect(tags.loops.count == SoundTags.mostLoops)
    }

    @Test(
        "Keys that sound the same are the same",
        arguments: [
            ["C#m", "Dbm", "c# minor", "D♭ moll", "12A", "5m", "C#min"],
            ["C", "c", "Cmaj", "C major", "B#", "8B", "1d", "CM"],
            ["Bb", "A#", "B flat major", "6B"], ["Am", "8a", "1m", "A min"], ["B", "Cb", "B dur", "1B"],
            ["F#m", "Gb minor", "11A"],
        ])
    func keysThatSoundTheSame(names: [String]) throws {
        let first = try #require(MusicalKey(names[0]))
        for name in names { #expect(MusicalKey(name) == first, "\(name)") }
    }

    @Test("No key", arguments: ["", "H", "o", "13A", "0B", "C#x", "D dorian", "120", "+8A", "minor"])
    func noKey(name: String) { #expect(MusicalKey(name) == nil) }
}
