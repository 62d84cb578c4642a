import SoundFeatures

/// What a file is that libsndfile does not decode, told by how it begins.
struct ForeignFormat: Hashable {
    /// Codec and container, such as `AAC in MP4`, or what else it is.
    let name: String
    /// Whether it is sound at all, or may be.
    let isSound: Bool

    private init(_ name: String, isSound: Bool = true) { (self.name, self.isSound) = (name, isSound) }

    /// What is said of such a file.
    var failure: ExtractionFailure {
        isSound ? .unsupported(name) : ExtractionFailure(.unknownFormat, "not audio: \(name)")
    }

    /// Recognises a file; nil if it is none of those below.
    ///
    /// - Complexity: O(1): some kilobytes are looked at.
    init?(_ view: ByteView) {
        if let name = MP4File(view)?.name ?? MatroskaFile(view)?.name ?? ASFFile(view)?.name ?? AVIFile(view)?.name {
            self.init(name)
        } else if let (name, isSound) = Self.beginnings.first(where: { view.has($0.mark, at: $0.place) })?.is {
            self.init(name, isSound: isSound)
        } else if let name = FrameStreams.name(of: view) {
            self.init(name)
        } else {
            return nil
        }
    }

    /// Bytes by which a format is known, and where.
    private struct Beginning {
        var mark: [UInt8]
        var place: Int64
        var `is`: (name: String, isSound: Bool)

        init(_ mark: [UInt8], _ name: String, at place: Int64 = 0, isSound: Bool = true) {
            (self.mark, self.place, self.is) = (mark, place, (name, isSound))
        }

        init(_ mark: String, _ name: String, at place: Int64 = 0, isSound: Bool = true) {
            self.init(Array(mark.utf8), name, at: place, isSound: isSound)
        }
    }

    // Longer marks before shorter ones. Sources: the formats' own definitions, and the magic file of file(1).
    private static let beginnings = [
        Beginning("wvpk", "WavPack"), Beginning("MAC ", "Monkey's Audio"), Beginning("MACF", "Monkey's Audio"),
        Beginning("MPCK", "Musepack"), Beginning("MP+", "Musepack"), Beginning("TTA1", "TTA"), Beginning("TTA2", "TTA"),
        Beginning("DSD ", "DSD in DSF"), Beginning("FRM8", "DSD in DSDIFF"), Beginning("OFR ", "OptimFROG"),
        Beginning("tBaK", "TAK"), Beginning("ajkg", "Shorten"), Beginning("LA0", "Lossless Audio"),
        Beginning("TWIN97012000", "TwinVQ"), Beginning("#!AMR-WB", "AMR-WB"), Beginning("#!AMR", "AMR"),
        Beginning("#!SILK", "SILK"), Beginning("\u{2}#!SILK", "SILK"), Beginning("#!iLBC", "iLBC"),
        Beginning(".RMF", "RealMedia"), Beginning([0x2e, 0x72, 0x61, 0xfd], "RealAudio"),
        Beginning("ADIF", "AAC (ADIF)"),
        Beginning([0x7f, 0xfe, 0x80, 0x01], "DTS"), Beginning([0xfe, 0x7f, 0x01, 0x80], "DTS"),
        Beginning([0x1f, 0xff, 0xe8, 0x00], "DTS"), Beginning([0xff, 0x1f, 0x00, 0xe8], "DTS"),
        Beginning([0x64, 0x58, 0x20, 0x25], "DTS-HD"), Beginning("FLV\u{1}", "sound in Flash video"),
        Beginning([0, 0, 1, 0xba], "sound in an MPEG program stream"),
        Beginning("DSDIFF", "DSD in DSDIFF"), Beginning("RMID", "MIDI", at: 8), Beginning("MThd", "MIDI"),
        Beginning("sfbk", "SoundFont", at: 8), Beginning("IMPM", "Impulse Tracker module"),
        Beginning("Extended Module: ", "FastTracker module"), Beginning("SCRM", "ScreamTracker module", at: 44),
        Beginning("PSID", "SID tune"), Beginning("RSID", "SID tune"), Beginning("NESM\u{1a}", "NES tune"),
        Beginning("Vgm ", "VGM tune"), Beginning("SNES-SPC700", "SPC tune"), Beginning("REX2", "REX2 loop"),
        Beginning("CAT ", "REX2 loop"),
        Beginning([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "a PNG image", isSound: false),
        Beginning([0xff, 0xd8, 0xff], "a JPEG image", isSound: false), Beginning("GIF8", "a GIF image", isSound: false),
        Beginning("WEBP", "a WebP image", at: 8, isSound: false), Beginning("II*\0", "a TIFF image", isSound: false),
        Beginning("MM\0*", "a TIFF image", isSound: false), Beginning("%PDF-", "a PDF document", isSound: false),
        Beginning([0x50, 0x4b, 3, 4], "a ZIP archive", isSound: false),
        Beginning("Rar!", "a RAR archive", isSound: false),
        Beginning([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive", isSound: false),
        Beginning([0x1f, 0x8b, 8], "gzip data", isSound: false), Beginning("BZh", "bzip2 data", isSound: false),
        Beginning([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz data", isSound: false),
        Beginning([0x28, 0xb5, 0x2f, 0xfd], "Zstandard data", isSound: false),
        Beginning("SQLite format 3\0", "an SQLite database", isSound: false),
        Beginning([0x7f, 0x45, 0x4c, 0x46], "a program", isSound: false),
        Beginning("<?xml", "an XML text", isSound: false),
        Beginning("<!DOCTYPE", "a web page", isSound: false), Beginning("<html", "a web page", isSound: false),
        Beginning("#EXTM3U", "a playlist", isSound: false),
        Beginning([0, 5, 0x16, 7], "a resource fork", isSound: false),
    ]
}
