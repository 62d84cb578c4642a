import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

/// Tags behind sounds. Of the files in `Tagged` FFmpeg's program made the one of WavPack, and mpcenc the one of Musepack; the other
/// bytes are put together by the formats' definitions.
struct TrailingTagsTests {
    private static let sound = [UInt8](repeating: 7, count: 400)
    private static let text = Container.text

    private func tags(_ bytes: [UInt8]) throws -> SoundTags { try withView(bytes) { FileTags.tags(in: $0) } }

    private static func item(_ key: String, _ value: [UInt8], flags: UInt32 = 0, size: Int? = nil) -> [UInt8] {
        UInt32(size ?? value.count).littleEndianBytes + flags.littleEndianBytes + text(key) + [0] + value
    }

    /// An APE tag of version 1, or of version 2 with a header.
    ///
    /// - Parameter size: Bytes in items and footer, if the footer lies.
    private static func ape(_ version: UInt32, _ items: [UInt8]..., size: Int? = nil) -> [UInt8] {
        let body = items.flatMap { $0 }
        func block(_ flags: UInt32) -> [UInt8] {
            text("APETAGEX") + (1000 * version).littleEndianBytes
                + UInt32(size ?? body.count + 32).littleEndianBytes + UInt32(items.count).littleEndianBytes
                + flags.littleEndianBytes + [UInt8](repeating: 0, count: 8)
        }
        return version == 1 ? body + block(0) : block(0xa000_0000) + body + block(0x8000_0000)
    }

    private static func id3v1(_ title: String) -> [UInt8] {
        text("TAG") + text(title) + [UInt8](repeating: 0, count: 125 - title.utf8.count)
    }

    /// An ID3v2.4 tag with a title, in front of a sound or appended to it.
    private static func id3v2(_ title: String, isAppended: Bool = false) -> [UInt8] {
        let size = UInt8(title.utf8.count + 1)
        let frame = text("TIT2") + [0, 0, 0, size, 0, 0, 3] + text(title)
        let rest: [UInt8] = [4, 0, isAppended ? 0x10 : 0, 0, 0, 0, size + 10]
        return text("ID3") + rest + frame + (isAppended ? text("3DI") + rest : [])
    }

    private static let files = [PackageResources.tags_wv, PackageResources.tags_mpc]

    @Test("All that a file says is found", arguments: files)
    func agrees(file: [UInt8]) throws {
        var expected = SoundTags()
        (expected.title, expected.artist, expected.album) = ("Große Trommel", "Ann", "東京")
        (expected.comment, expected.bpm, expected.key) = ("naïve", 119.5, "F#m")
        #expect(try tags(file) == expected)
        #expect(try tags(file + Self.id3v1("Short")) == expected)
        #expect(try tags(Self.id3v2("Front") + file).title == "Front")
    }

    @Test(
        "Whatever ends with such a tag",
        arguments: ["MAC ", "MP+\u{7}", "MPCK", "wvpk", "tBaK", "TTA1", "fLaC", "\u{7}"])
    func begins(name: String) throws {
        let cover = Self.item("Cover Art (Front)", [0xff, 0, 1], flags: 2)
        let title = Self.item("Title", Self.text("Name"))
        let artist = Self.item("ARTIST", Self.text("Ann") + [0] + Self.text("Bob"))
        for version in [1, 2] as [UInt32] {
            let found = try tags(Self.text(name) + Self.sound + Self.ape(version, cover, title, artist))
            #expect(found.title == "Name" && found.artist == "Ann; Bob")
        }
        #expect(try tags(Self.text(name) + Self.sound + Self.id3v1("Short")).title == "Short")
    }

    /// Version 1 does not say how texts are written.
    @Test("Texts of either version", arguments: [1, 2] as [UInt32])
    func textsThatAreNoUTF8(version: UInt32) throws {
        let tag = Self.ape(
            version, Self.item("Title", [0x4d, 0xfc, 0x6c, 0x6c]), Self.item("Artist", Array("Jürgen".utf8)))
        let found = try tags(Self.sound + tag)
        #expect(found.title == "Müll" && found.artist == "Jürgen")
    }

    @Test func tagsInAnyOrder() throws {
        let ape = Self.ape(2, Self.item("Title", Self.text("Long")))
        let lyrics = Self.text("LYRICSBEGINLYR00003ooh000022LYRICS200")
        let extended = Self.text("TAG+") + [UInt8](repeating: 0, count: 223)
        let short = Self.id3v1("Short")
        for end in [ape + short, short + ape, ape + lyrics + short, ape + extended + short, lyrics + ape] {
            #expect(try tags(Self.sound + end).title == "Long")
        }
        let appended = Self.id3v2("Appended", isAppended: true)
        #expect(try tags(Self.sound + appended).title == "Appended")
        #expect(try tags(Self.sound + appended + short).title == "Appended")
        #expect(try tags(Self.sound + appended + ape + short).title == "Long")
    }

    // MARK: Damage

    @Test(
        "A size of lyrics that is no number", arguments: ["-00020", "-99999", "-00015", "+00020", "0x0010", "      "])
    func lyricsWithoutASize(size: String) throws {
        let ape = Self.ape(2, Self.item("Title", Self.text("Name")))
        let end = Self.text(size) + Self.text("LYRICS200")
        #expect(try tags(Self.sound + ape + end) == SoundTags())
        #expect(try tags(Self.sound + end + ape).title == "Name")
    }

    @Test func tagsWithoutASound() throws {
        let ape = Self.ape(2, Self.item("Title", Self.text("Name")))
        #expect(try tags(ape).title == "Name")
        #expect(try tags(ape + Self.id3v1("Short")).title == "Name")
        #expect(try tags(Self.text("000000LYRICS200")) == SoundTags())
    }

    @Test func anItemThatReachesBeyondItsTagIsNone() throws {
        let title = Self.item("Title", Self.text("Name"))
        for size in [400, 0x7fff_ffff, 0xffff_ffff] {
            let spoilt = Self.item("Artist", Self.text("Ann?"), size: size)
            for version in [1, 2] as [UInt32] {
                let found = try tags(Self.sound + Self.ape(version, title, spoilt, title) + Self.id3v1("x"))
                #expect(found.title == "Name" && found.artist == nil)
                #expect(try tags(Self.sound + Self.ape(version, title, spoilt)).artist == nil)
            }
        }
        // A key without an end would go on in the footer.
        let endless = [4, 0, 0, 0, 0, 0, 0, 0] + Self.text("Artist")
        #expect(try tags(Self.sound + Self.ape(1, title, endless)).title == "Name")
        #expect(try tags(Self.sound + Self.ape(1, title, endless)).artist == nil)
    }

    @Test func aFooterThatLies() throws {
        let items = Self.item("Title", Self.text("Name"))
        for size in [0, 31, 32, 100_000, 0x7fff_ffff, 0xffff_ffff] {
            #expect(try tags(Self.sound + Self.ape(1, items, size: size)).isEmpty)
        }
    }

    @Test func aTagOfNothingButItemsComesToAnEnd() throws {
        let many = (0..<500).flatMap { Self.item("Key\($0)", []) }
        let (title, artist) = (Self.item("Title", Self.text("First")), Self.item("Artist", Self.text("Late")))
        let found = try tags(Self.sound + Self.ape(2, title, many, artist))
        #expect(found.title == "First" && found.artist == nil)
        let long = [UInt8](repeating: 0x61, count: 100_000)
        #expect(try tags(Self.sound + Self.ape(2, Self.item("Title", long))).title?.utf8.count == SoundTags.longestText)
        let stack = (0..<100).flatMap { Self.ape(1, Self.item("Comment", Self.text("\($0)"))) }
        #expect(try tags(stack).comment == "99")
        #expect(try tags(Self.ape(1, Self.item("Artist", Self.text("Ann"))) + stack).artist == nil)
    }

    /// What a file has been cut down or changed to still has tags as they are kept, or none.
    @Test("Whatever becomes of a file", arguments: files)
    func damaged(file: [UInt8]) throws {
        for bytes in [file, Self.id3v2("Front") + file + Self.id3v2("Behind", isAppended: true) + Self.id3v1("Short")] {
            for length in bytes.indices {
                let found = try tags(Array(bytes.prefix(length)))
                #expect(SoundTags(bytes: found.bytes) == found)
            }
            for place in bytes.indices {
                for value in [0, 0xff, UInt8.random(in: 1...0xfe)] {
                    var changed = bytes
                    changed[place] = value
                    let found = try tags(changed)
                    #expect(SoundTags(bytes: found.bytes) == found)
                }
            }
        }
    }
}
