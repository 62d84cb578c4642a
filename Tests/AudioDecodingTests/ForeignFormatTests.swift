import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

struct ForeignFormatTests {
    struct File: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]

        init(_ bytes: [UInt8], _ name: String) { (testDescription, self.bytes) = (name, bytes) }

        init(_ beginning: String, _ name: String) {
            self.init(Container.text(beginning) + ForeignFormatTests.blanks, name)
        }
    }

    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        UInt32(content.count + 8).bigEndianBytes + Container.text(name) + content
    }

    private static func mp4(_ codec: String, brand: String = "M4A ", object: UInt8? = nil) -> [UInt8] {
        let kind =
            object.map { box("esds", [0, 0, 0, 0, 3, 0x19, 0, 0, 0, 4, 0x80, 0x80, 0x80, 0x11, $0, 0x15]) } ?? []
        let table = box("stsd", [0, 0, 0, 0, 0, 0, 0, 1] + box(codec, [UInt8](repeating: 0, count: 28) + kind))
        let movie = box("moov", box("trak", box("mdia", box("minf", box("stbl", table)))))
        return box("ftyp", Container.text(brand)) + box("mdat", [UInt8](repeating: 4, count: 400)) + movie
    }

    private static let adts: [UInt8] = [0xff, 0xf1, 0x50, 0x80, 3, 0xff, 0xdc] + [UInt8](repeating: 9, count: 24)

    static let files = [
        File(mp4("mp4a", object: 0x40), "AAC in MP4"), File(mp4("mp4a", object: 0x6b), "MP3 in MP4"),
        File(mp4("mp4a"), "AAC in MP4"), File(mp4("alac"), "ALAC in MP4"),
        File(mp4("sowt", brand: "qt  "), "PCM in QuickTime"),
        File(mp4("samr", brand: "3gp4"), "AMR in 3GP"), File(mp4("avc1"), "sound in MP4"),
        File("wvpk", "WavPack"), File("MAC ", "Monkey's Audio"), File("MPCK", "Musepack"), File("TTA1", "TTA"),
        File("DSD ", "DSD in DSF"), File("#!AMR\n", "AMR"), File("MThd", "MIDI"), File(".RMF", "RealMedia"),
        File(adts + adts, "AAC (ADTS)"),
        File(
            [0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84] + Container.text("webm") + [0x86, 0x86]
                + Container.text("A_OPUS"), "Opus in WebM"),
        File(Container.wave([1, 2, 3, 4], tag: 0x270), "ATRAC3 in WAV"),
        File(Container.wave([1, 2, 3, 4], tag: 0x1234), "codec 0x1234 in WAV"),
        File(Container.caf([1, 2, 3, 4], size: 8, codec: "aac "), "AAC in CAF"),
    ]

    @Test("Knows container and codec", arguments: files)
    func names(file: File) throws {
        do throws(ExtractionFailure) {
            let plan = try planned(file.bytes)
            guard case .ffmpeg(let kind)? = plan.streams.first?.decoder else {
                Issue.record("it is not for FFmpeg")
                return
            }
            #expect(kind.name == file.testDescription)
        } catch {
            #expect(error == ExtractionFailure(.unsupported, "unsupported: \(file.testDescription)"))
        }
    }

    @Test func whatNobodyDecodesIsRefusedByName() throws {
        for (bytes, name) in [
            (Self.mp4("drms"), "encrypted AAC in MP4"), (Container.text("MThd") + Self.blanks, "MIDI"),
        ] {
            #expect(try failure(of: bytes) == .unsupported(name))
        }
    }

    private static let blanks = [UInt8](repeating: 0x20, count: 900)

    /// How a file is to be decoded.
    private func planned(_ bytes: [UInt8]) throws(ExtractionFailure) -> SoundPlan {
        let file: TemporaryFile
        do { file = try TemporaryFile(bytes) } catch { throw ExtractionFailure(.unreadable, "\(error)") }
        return try FileSniffer(suffix: "").plan(ByteView(of: try InputReader(file.descriptor)))
    }

    @Test func saysWhatIsNoSound() throws {
        let picture = [0x89] + Container.text("PNG\r\n") + [0x1a, 0x0a] + [UInt8](repeating: 0, count: 40)
        #expect(try failure(of: picture) == ExtractionFailure(.unknownFormat, "not audio: a PNG image"))
    }
}
