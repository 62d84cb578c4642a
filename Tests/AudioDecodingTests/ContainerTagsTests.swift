import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

/// Tags in Wave64, Core Audio's, Matroska's and Microsoft's containers. The files in `Tagged` were made by FFmpeg's program,
/// but for the tags of the one in ASF, which mutagen wrote; FFmpeg's finds the tags in the one that is made here.
struct ContainerTagsTests {
    struct File: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
    }

    private static let files = [
        File(testDescription: "Matroska", bytes: PackageResources.tags_mka),
        File(testDescription: "WebM", bytes: PackageResources.tags_webm),
        File(testDescription: "Core Audio", bytes: PackageResources.tags_caf),
        File(testDescription: "ASF", bytes: PackageResources.tags_wma),
    ]
    private static let wave64 = File(testDescription: "Wave64", bytes: summarised())

    private func tags(_ bytes: [UInt8]) throws -> SoundTags { try withView(bytes) { FileTags.tags(in: $0) } }

    @Test("All that a file says is found", arguments: files)
    func agrees(file: File) throws {
        var expected = SoundTags()
        (expected.title, expected.artist, expected.album) = ("Große Trommel", "Ann", "東京")
        (expected.comment, expected.bpm, expected.key) = ("naïve", 119.5, "F#m")
        #expect(try tags(file.bytes) == expected)
    }

    /// What a file has been cut down or changed to still has tags as they are kept, or none.
    @Test("Whatever becomes of a file", arguments: files + [wave64])
    func damaged(file: File) throws {
        let whole = try tags(file.bytes)
        #expect(try tags(file.bytes + [0]) == whole)
        for length in file.bytes.indices {
            let found = try tags(Array(file.bytes.prefix(length)))
            #expect(SoundTags(bytes: found.bytes) == found)
        }
        for place in file.bytes.indices {
            for value in [0, 0xff, UInt8.random(in: 1...0xfe)] {
                var changed = file.bytes
                changed[place] = value
                let found = try tags(changed)
                #expect(SoundTags(bytes: found.bytes) == found)
            }
        }
    }

    // MARK: Wave64

    private static func summarised() -> [UInt8] {
        func text(_ name: String, _ text: String) -> [UInt8] {
            let bytes = text.utf16.flatMap(\.littleEndianBytes) + [0, 0]
            return Container.text(name) + UInt32(bytes.count).littleEndianBytes + bytes
        }
        let texts = text("INAM", "Große Trommel") + text("IART", "Ann") + text("IPRD", "東京")
        let list = chunk(
            [0xbc, 0x94, 0x5f, 0x92, 0x5a, 0x52, 0xd2, 0x11, 0x86, 0xdc, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a],
            (3 as UInt32).littleEndianBytes + texts)
        let sound = [UInt8](repeating: 7, count: 400)
        return Container.wave64(sound, size: 424) + list + note
    }

    private static let note = chunk(
        Container.text("bext") + Wave64File.nameEnd,
        Container.text("Door, wood") + [UInt8](repeating: 0, count: 592))

    private static func chunk(_ name: [UInt8], _ content: [UInt8]) -> [UInt8] {
        let fill = [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
        return name + UInt64(content.count + 24).littleEndianBytes + content + fill
    }

    @Test func textsOfWave64() throws {
        let found = try tags(Self.wave64.bytes)
        #expect(found.title == "Große Trommel" && found.artist == "Ann" && found.album == "東京")
        #expect(found.comment == "Door, wood" && found.bpm == nil)
    }

    @Test func aListAsInWAVFiles() throws {
        let texts = Container.text("INFO") + Container.chunk("INAM", Container.text("Door\0\0"))
        let list = Self.chunk(Container.text("list") + Wave64File.listNameEnd, texts)
        let found = try tags(Container.wave64([UInt8](repeating: 7, count: 400), size: 424) + list)
        #expect(found.title == "Door")
    }

    // MARK: Matroska

    private static func element(_ id: UInt32, _ content: [UInt8], size: UInt64? = nil) -> [UInt8] {
        let size = (1 << 56 | (size ?? UInt64(content.count))).bigEndianBytes
        return Array(id.bigEndianBytes.drop { $0 == 0 }) + size + content
    }

    private static func tag(_ name: String, _ text: String, level: UInt8? = nil, chapter: UInt8 = 0) -> [UInt8] {
        var targets = element(0x63c4, [chapter])
        if let level { targets += element(0x68ca, [level]) }
        let simple = element(0x45a3, Container.text(name)) + element(0x4487, Array(text.utf8))
        return element(0x7373, element(0x63c0, targets) + element(0x67c8, simple))
    }

    private static func tags(_ tags: [UInt8]...) -> [UInt8] { element(0x1254_c367, tags.flatMap { $0 }) }

    private static func index(_ place: UInt64) -> [UInt8] {
        let entry = element(0x53ab, [0x12, 0x54, 0xc3, 0x67]) + element(0x53ac, place.bigEndianBytes)
        return element(0x114d_9b74, element(0x4dbb, entry))
    }

    private static func info(_ title: String) -> [UInt8] {
        element(0x1549_a966, element(0x7ba9, Container.text(title)))
    }

    private static func cluster(size: UInt64? = nil) -> [UInt8] {
        element(0x1f43_b675, [UInt8](repeating: 0xec, count: 300), size: size)
    }

    private static func matroska(_ elements: [UInt8]..., size: UInt64? = nil) -> [UInt8] {
        element(0x1a45_dfa3, element(0x4282, Container.text("matroska")))
            + element(0x1853_8067, elements.flatMap { $0 }, size: size)
    }

    private static let unknown: UInt64 = 1 << 56 - 1

    @Test func tagsBehindTheSoundOfMatroska() throws {
        let tags = Self.tags(Self.tag("ARTIST", "Ann", level: 30))
        #expect(try self.tags(Self.matroska(Self.cluster(), tags)).artist == "Ann")
        // Nobody can tell where a cluster of unknown size ends, but for the index.
        let length = UInt64(Self.index(0).count)
        let place = length + UInt64(Self.cluster().count)
        for size in [nil, Self.unknown] {
            let sound = Self.cluster(size: size)
            #expect(try self.tags(Self.matroska(Self.index(place), sound, tags, size: size)).artist == "Ann")
            // An index that is wrong leads nowhere, and one that points out of the file is none.
            for wrong in [0, length, place + 1] {
                #expect(try self.tags(Self.matroska(Self.index(wrong), sound, tags, size: size)).artist == nil)
            }
            for outside in [place + 1000, .max] {
                let found = try self.tags(Self.matroska(Self.index(outside), sound, tags, size: size)).artist
                #expect(found == (size == nil ? "Ann" : nil))
            }
        }
        // What stands in front of the sound is read once, whatever the index says.
        let twice = Self.tags(Self.tag("ARTIST", "Ann"), Self.tag("ARTIST", "Bob"))
        #expect(try self.tags(Self.matroska(Self.index(length), twice, Self.cluster())).artist == "Ann; Bob")
    }

    @Test func titlesOfSongsAndOfAlbums() throws {
        let song = Self.tag("TITLE", "Song", level: 30)
        let album = Self.tag("TITLE", "Album", level: 50)
        let plain = Self.tag("TITLE", "Plain")
        func found(_ elements: [UInt8]...) throws -> [String?] {
            let tags = try tags(Self.matroska(elements.flatMap { $0 }))
            return [tags.title, tags.album]
        }
        #expect(try found(Self.tags(song, album)) == ["Song", "Album"])
        #expect(try found(Self.info("File"), Self.tags(album)) == ["File", "Album"])
        #expect(try found(Self.tags(album)) == ["Album", nil])
        #expect(try found(Self.tags(plain)) == ["Plain", nil])
        #expect(try found(Self.tags(song, album, Self.tag("ALBUM", "Its name"))) == ["Song", "Its name"])
        #expect(try found(Self.tags(Self.tag("TITLE", "Chapter", level: 30, chapter: 7))) == [nil, nil])
    }

    @Test func aFileOfNothingButElementsComesToAnEnd() throws {
        let many = (0..<5000).flatMap { _ in Self.element(0xec, []) }
        let (artist, title) = (Self.tags(Self.tag("ARTIST", "Ann")), Self.tags(Self.tag("TITLE", "Late")))
        let found = try tags(Self.matroska(artist, many, title))
        #expect(found.artist == "Ann" && found.title == nil)
        // Elements that lie in themselves, as it were: each is as long as what it lies in.
        let endless = (0..<5000).flatMap { _ in Self.element(0x1254_c367, [], size: Self.unknown) }
        #expect(try tags(Self.matroska(artist, endless)).artist == "Ann")
    }

    // MARK: Core Audio

    @Test func aSoundWithoutASizeIsTheLastChunkOfCoreAudio() throws {
        let info =
            Container.text("info") + (19 as Int64).bigEndianBytes + [0, 0, 0, 1] + Container.text("title\0Behind\0")
        let sound = [UInt8](repeating: 7, count: 40)
        #expect(try tags(Container.caf(sound, size: 44) + info).title == "Behind")
        #expect(try tags(Container.caf(sound, size: -1) + info).title == nil)
        #expect(try tags(Container.caf(sound, size: .max) + info).title == nil)
    }
}
