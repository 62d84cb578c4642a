import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

/// Tags in all the places and encodings that files have them in. The bytes are put together by the formats' definitions.
struct TagReadingTests {
    private static let sound = [UInt8](repeating: 7, count: 400)
    private static let text = Container.text

    private func tags(_ bytes: [UInt8]) throws -> SoundTags {
        let file = try TemporaryFile(bytes)
        return try FileTags.read(file.descriptor)
    }

    // MARK: ID3

    private static func safe(_ number: Int) -> [UInt8] { [21, 14, 7, 0].map { UInt8(number >> $0 & 0x7f) } }

    private static func id3(_ version: UInt8, flags: UInt8 = 0, _ frames: [UInt8]...) -> [UInt8] {
        let body = frames.flatMap { $0 } + [UInt8](repeating: 0, count: 20)
        return text("ID3") + [version, 0, flags] + safe(body.count) + body
    }

    private static func frame(_ version: UInt8, _ name: String, flags: UInt8 = 0, _ content: [UInt8]) -> [UInt8] {
        let count = UInt32(content.count)
        return switch version {
        case 2: text(name) + count.bigEndianBytes.dropFirst() + content
        case 3: text(name) + count.bigEndianBytes + [0, flags] + content
        default: text(name) + safe(content.count) + [0, flags] + content
        }
    }

    private static func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { isBigEndian ? $0.bigEndianBytes : $0.littleEndianBytes }
    }

    @Test("All four encodings", arguments: [UInt8(2), 3, 4])
    func allEncodings(version: UInt8) throws {
        let names =
            version == 2
            ? ["TT2", "TP1", "TAL", "COM", "TKE", "TBP"] : ["TIT2", "TPE1", "TALB", "COMM", "TKEY", "TBPM"]
        let tag = Self.id3(
            version, Self.frame(version, names[0], [0, 0x47, 0x72, 0xfc, 0xdf, 0x65, 0x80]),
            Self.frame(version, names[1], [1, 0xff, 0xfe] + Self.utf16("東京", isBigEndian: false)),
            Self.frame(version, names[2], [2] + Self.utf16("Жж", isBigEndian: true) + [0, 0]),
            Self.frame(version, names[3], [3] + Self.text("eng") + [0] + Array("naïve".utf8)),
            Self.frame(version, names[4], [0] + Self.text("Ebm")),
            Self.frame(version, names[5], [0] + Self.text("119,5")))
        let found = try tags(tag + Self.sound)
        #expect(found.title == "Grüße€" && found.artist == "東京" && found.album == "Жж" && found.comment == "naïve")
        #expect(found.key == "Ebm" && found.bpm == 119.5)
    }

    @Test func zerosThatWerePutInAreTakenOut() throws {
        // ÿ is 0xff, behind which a zero stands.
        let whole = Self.id3(3, flags: 0x80, Self.frame(3, "TIT2", [0, 0x61, 0xff, 0x62]))
        var stuffed = whole
        let place = try #require(stuffed.lastIndex(of: 0xff))
        stuffed.insert(0, at: place + 1)
        stuffed.replaceSubrange(6..<10, with: Self.safe(stuffed.count - 10))
        #expect(try tags(stuffed + Self.sound).title == "aÿb")
        let single = Self.id3(4, Self.frame(4, "TIT2", flags: 2, [0, 0x61, 0xff, 0, 0x62]))
        #expect(try tags(single + Self.sound).title == "aÿb")
    }

    @Test func whatIsCompressedOrEncryptedIsPassedOver() throws {
        for flags in [UInt8(0x08), 0x04] {
            let tag = Self.id3(4, Self.frame(4, "TIT2", flags: flags, [0, 65]), Self.frame(4, "TPE1", [0, 66]))
            let found = try tags(tag + Self.sound)
            #expect(found.title == nil && found.artist == "B")
        }
        let tag = Self.id3(
            3, Self.frame(3, "TIT2", flags: 0x80, [0, 65]), Self.frame(3, "TPE1", flags: 0x20, [9, 0, 66]))
        let found = try tags(tag + Self.sound)
        #expect(found.title == nil && found.artist == "B")
    }

    @Test func sizesOfWritersWhoDoNotKnowSevenBits() throws {
        let long = [UInt8](repeating: 0x61, count: 255)
        let wrong = Self.text("TIT2") + (256 as UInt32).bigEndianBytes + [0, 0, 0] + long
        #expect(try tags(Self.id3(4, wrong, Self.frame(4, "TPE1", [0, 66])) + Self.sound).artist == "B")
    }

    @Test func playersNumbersAreNoComments() throws {
        let tag = Self.id3(
            3, Self.frame(3, "COMM", [0] + Self.text("engiTunNORM") + [0] + Self.text(" 000001")),
            Self.frame(3, "COMM", [0] + Self.text("engmood") + [0] + Self.text("dark")))
        #expect(try tags(tag + Self.sound).comment == "dark")
    }

    @Test func severalArtistsStandBehindEachOther() throws {
        let tag = Self.id3(4, Self.frame(4, "TPE1", [3] + Self.text("Ann") + [0] + Self.text("Bob")))
        #expect(try tags(tag + Self.sound).artist == "Ann; Bob")
    }

    private static func field(_ content: [UInt8], _ size: Int) -> [UInt8] {
        content + [UInt8](repeating: 0, count: size - content.count)
    }

    @Test func tagsBehindASound() throws {
        let short =
            Self.text("TAG") + Self.field([0x4d, 0xfc, 0x6c, 0x6c], 30) + Self.field(Self.text("Short"), 30)
            + Self.field([], 30) + Self.text("1999") + Self.field(Self.text("c"), 28) + [0, 5, 3]
        #expect(try tags(Self.sound + short).title == "Müll")
        #expect(try tags(Self.sound + short).comment == "c")
        func item(_ name: String, _ value: String) -> [UInt8] {
            UInt32(value.utf8.count).littleEndianBytes + [0, 0, 0, 0] + Self.text(name) + [0] + Array(value.utf8)
        }
        let items = item("Artist", "A longer artist ☃") + item("BPM", "174 BPM")
        let footer =
            Self.text("APETAGEX") + (2000 as UInt32).littleEndianBytes + UInt32(items.count + 32).littleEndianBytes
            + (2 as UInt32).littleEndianBytes + [UInt8](repeating: 0, count: 12)
        let found = try tags(Self.sound + items + footer + short)
        #expect(found.artist == "A longer artist ☃" && found.bpm == 174 && found.title == "Müll")
    }

    // MARK: Vorbis comments

    private static func comments(_ texts: String...) -> [UInt8] {
        func counted(_ text: String) -> [UInt8] { UInt32(text.utf8.count).littleEndianBytes + Array(text.utf8) }
        return counted("vendor") + UInt32(texts.count).littleEndianBytes + texts.flatMap(counted)
    }

    @Test func commentsOfFLAC() throws {
        let comments = Self.comments(
            "title=Ça va", "METADATA_BLOCK_PICTURE=" + String(repeating: "A", count: 9000), "INITIALKEY=4A")
        let file =
            Self.text("fLaC") + [0, 0, 0, 34] + [UInt8](repeating: 0, count: 34)
            + [0x84] + UInt32(comments.count).bigEndianBytes.dropFirst() + comments + Self.sound
        #expect(try tags(file).title == "Ça va")
        #expect(try tags(file).key == "4A")
    }

    @Test("Comments of Ogg", arguments: ["\u{1}vorbis", "OpusHead"])
    func commentsOfOgg(codec: String) throws {
        let prefix = codec == "OpusHead" ? Self.text("OpusTags") : [3] + Self.text("vorbis")
        let packet = prefix + Self.comments("ARTIST=Ann", "artist=Bob", "BPM=90")
        let file =
            Container.page(Self.text(codec) + [UInt8](repeating: 0, count: 22), serial: 5, flags: 2)
            + Container.page(packet, serial: 5, flags: 0)
        let found = try tags(file)
        #expect(found.artist == "Ann; Bob" && found.bpm == 90)
    }

    // MARK: Chunks

    private static func info(_ name: String, _ content: [UInt8]) -> [UInt8] { Container.chunk(name, content) }

    private static func wave(_ chunks: [UInt8]..., before: [UInt8] = []) -> [UInt8] {
        Container.riff(
            before + Container.chunk("fmt ", Container.format(22_050)) + Container.chunk("data", sound)
                + chunks.flatMap { $0 })
    }

    private static func acid(flags: UInt32, note: UInt16, beats: UInt32, tempo: Float) -> [UInt8] {
        Container.chunk(
            "acid",
            flags.littleEndianBytes + note.littleEndianBytes + [0, 0x80, 0, 0, 0, 0] + beats.littleEndianBytes + [
                4, 0, 4, 0,
            ]
                + tempo.bitPattern.littleEndianBytes)
    }

    @Test func textsOfWaveFiles() throws {
        let list = Container.chunk(
            "LIST",
            Self.text("INFO") + Self.info("INAM", [0x42, 0xe4, 0x73, 0x73, 0])
                + Self.info("IART", Array("Jürgen".utf8) + [0])
                + Self.info("ICMT", [0x93, 0x78, 0x94]))
        let found = try tags(Self.wave(list))
        #expect(found.title == "Bäss" && found.artist == "Jürgen" && found.comment == "“x”")
        // In front of the sound as well as behind it.
        #expect(try tags(Self.wave(before: list)) == found)
        let bext = Container.chunk("bext", Self.field(Self.text("Door, wood"), 602))
        let notes = Container.chunk(
            "iXML",
            Array("<BWFXML><PROJECT>Film &amp; Co</PROJECT><SCENE>12A</SCENE><TAKE>3</TAKE><NOTE></NOTE></BWFXML>".utf8)
        )
        let broadcast = try tags(Self.wave(bext, notes))
        #expect(broadcast.comment == "Door, wood" && broadcast.album == "Film & Co" && broadcast.title == "12A, take 3")
        let id3 = Container.chunk("id3 ", Self.id3(3, Self.frame(3, "TIT2", [0] + Self.text("Other"))))
        #expect(try tags(Self.wave(list, id3)).title == "Other")
    }

    @Test func whatWaveFilesSayToSequencers() throws {
        let loop = try tags(Self.wave(Self.acid(flags: 6, note: 57, beats: 16, tempo: 123.4)))
        #expect(loop.isOneShot == false && loop.beats == 16 && loop.rootNote == 57)
        #expect(abs((loop.bpm ?? 0) - 123.4) < 0.001)
        let shot = try tags(Self.wave(Self.acid(flags: 1, note: 60, beats: 0, tempo: 120)))
        #expect(shot.isOneShot == true && shot.bpm == nil && shot.rootNote == nil)
        #expect(try tags(Self.wave(Self.acid(flags: 0, note: 0, beats: 4, tempo: .nan))).bpm == nil)
    }

    @Test func whatWaveFilesSayToSamplers() throws {
        func number(_ value: UInt32) -> [UInt8] { value.littleEndianBytes }
        func loop(_ start: UInt32, _ last: UInt32) -> [UInt8] {
            number(0) + number(0) + number(start) + number(last) + number(0) + number(0)
        }
        let sampler = Container.chunk(
            "smpl",
            number(0) + number(0) + number(45351) + number(69) + number(0) + number(0) + number(0) + number(3)
                + number(0)
                + loop(0, 99) + loop(50, 20))
        let found = try tags(Self.wave(sampler))
        #expect(found.rootNote == 69 && found.loops == [0..<100])
    }

    @Test func chunksOfAIFF() throws {
        func big(_ number: UInt16) -> [UInt8] { number.bigEndianBytes }
        let marks =
            big(2) + big(1) + (10 as UInt32).bigEndianBytes + [3] + Self.text("beg") + big(2)
            + (60 as UInt32).bigEndianBytes
            + [2] + Self.text("en") + [0]
        let instrument = [48, 0, 0, 127, 1, 127, 0, 0] + big(1) + big(1) + big(2) + big(0) + big(0) + big(0)
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] { Container.chunk(name, content, isBigEndian: true) }
        let chunks =
            chunk("NAME", [0x4d, 0xfc]) + chunk("AUTH", Self.text("Ann")) + chunk("ANNO", Self.text("one"))
            + chunk("ANNO", Self.text("two")) + chunk("MARK", marks) + chunk("INST", instrument)
        let size = UInt32(Self.sound.count + 8)
        let plain = Container.aiff(Self.sound, size: size, frames: 200)
        let found = try tags(Container.aiff(Self.sound, size: size, frames: 200, between: chunks))
        #expect(found.title == "Mü" && found.artist == "Ann" && found.comment == "one; two")
        #expect(found.rootNote == 48 && found.loops == [10..<60])
        #expect(try tags(plain + chunks) == found)
    }

    // MARK: Boxes

    @Test func itemsOfMP4() throws {
        func box(_ name: [UInt8], _ content: [UInt8]) -> [UInt8] {
            UInt32(content.count + 8).bigEndianBytes + name + content
        }
        func box(_ name: String, _ content: [UInt8]) -> [UInt8] { box(Self.text(name), content) }
        func value(_ kind: UInt32, _ bytes: [UInt8]) -> [UInt8] {
            box("data", kind.bigEndianBytes + [0, 0, 0, 0] + bytes)
        }
        let items =
            box([0xa9] + Self.text("nam"), value(1, Array("Über".utf8))) + box("tmpo", value(21, [0, 128]))
            + box(
                "----",
                box("mean", [0, 0, 0, 0] + Self.text("com.apple.iTunes"))
                    + box("name", [0, 0, 0, 0] + Self.text("initialkey"))
                    + value(1, Self.text("F#m")))
        let meta = box("meta", [0, 0, 0, 0] + box("hdlr", [UInt8](repeating: 0, count: 25)) + box("ilst", items))
        let file = box("ftyp", Self.text("M4A isom")) + box("mdat", Self.sound) + box("moov", box("udta", meta))
        let found = try tags(file)
        #expect(found.title == "Über" && found.bpm == 128 && found.key == "F#m")
    }

    // MARK: Damage

    @Test func whatBreaksOffHasTheTagsInFrontOfThat() throws {
        let list = Container.chunk(
            "LIST", Self.text("INFO") + Self.info("INAM", Self.text("name")) + Self.info("IART", Self.text("Ann?")))
        let file = Self.id3(4, Self.frame(4, "TIT2", [3] + Self.text("front"))) + Self.wave(list)
        for length in 0...file.count { _ = try tags(Array(file.prefix(length))) }
        for place in file.indices {
            var changed = file
            changed[place] = 0xff
            let found = try tags(changed)
            #expect(SoundTags(bytes: found.bytes) == found)
        }
    }
}
