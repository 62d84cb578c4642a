import SoundFeatures

/// A file that libsndfile does not decode, known by how it begins.
struct ForeignFormat: Hashable {
    /// What it is called, as `AAC in MP4`, and by what FFmpeg reads it; or what else it is.
    private let kind: ForeignKind
    /// Whether it is sound at all, or may be.
    private let isSound: Bool

    private init(_ kind: ForeignKind, isSound: Bool = true) { (self.kind, self.isSound) = (kind, isSound) }

    /// How it is decoded.
    ///
    /// - Throws: ``ExtractionFailure`` if it is not.
    func plan(_ view: ByteView) throws(ExtractionFailure) -> SoundPlan {
        guard isSound else { throw ExtractionFailure(.unknownFormat, "not audio: \(kind.name)") }
        return try SoundPlan(foreign: kind, view)
    }

    /// Recognises a file; nil if it is none of those below.
    ///
    /// - Complexity: O(1): some kilobytes are looked at.
    init?(_ view: ByteView) {
        if let kind = MP4File(view)?.kind ?? MatroskaFile(view)?.kind ?? ASFFile(view)?.kind ?? AVIFile(view)?.kind {
            self.init(kind)
        } else if let beginning = Self.beginnings.first(where: { view.has($0.mark, at: $0.place) }) {
            self.init(beginning.kind, isSound: beginning.isSound)
        } else if let kind = FrameStreams.kind(of: view) {
            self.init(kind)
        } else {
            return nil
        }
    }

    /// Bytes by which a format is known, and where.
    private struct Beginning {
        var mark: [UInt8]
        var place: Int64
        var kind: ForeignKind
        var isSound: Bool

        init(_ mark: [UInt8], _ name: String, by demuxer: String? = nil, at place: Int64 = 0, isSound: Bool = true) {
            (self.mark, self.place, self.isSound) = (mark, place, isSound)
            kind = ForeignKind(name: name, demuxer: demuxer)
        }

        init(_ mark: String, _ name: String, by demuxer: String? = nil, at place: Int64 = 0, isSound: Bool = true) {
            self.init(Array(mark.utf8), name, by: demuxer, at: place, isSound: isSound)
        }
    }

    // Longer marks before shorter ones. Sources: the formats' own definitions, and the magic file of file(1).
    private static let beginnings = [
        Beginning("wvpk", "WavPack", by: "wv"), Beginning("MAC ", "Monkey's Audio", by: "ape"),
        Beginning("MACF", "Monkey's Audio", by: "ape"),
        Beginning("MPCK", "Musepack", by: "mpc8"), Beginning("MP+", "Musepack", by: "mpc"),
        Beginning("TTA1", "TTA", by: "tta"), Beginning("TTA2", "TTA"),
        Beginning("DSD ", "DSD in DSF", by: "dsf"), Beginning("FRM8", "DSD in DSDIFF", by: "iff"),
        Beginning("OFR ", "OptimFROG"),
        Beginning("tBaK", "TAK", by: "tak"), Beginning("ajkg", "Shorten", by: "shn"),
        Beginning("LA0", "Lossless Audio"),
        Beginning("TWIN97012000", "TwinVQ", by: "vqf"), Beginning("#!AMR-WB", "AMR-WB", by: "amr"),
        Beginning("#!AMR", "AMR", by: "amr"),
        Beginning("#!SILK", "SILK"), Beginning("\u{2}#!SILK", "SILK"), Beginning("#!iLBC", "iLBC", by: "ilbc"),
        Beginning(".RMF", "RealMedia", by: "rm"), Beginning([0x2e, 0x72, 0x61, 0xfd], "RealAudio", by: "rm"),
        Beginning("ADIF", "AAC (ADIF)"),
        Beginning([0x7f, 0xfe, 0x80, 0x01], "DTS", by: "dts"), Beginning([0xfe, 0x7f, 0x01, 0x80], "DTS", by: "dts"),
        Beginning([0x1f, 0xff, 0xe8, 0x00], "DTS", by: "dts"), Beginning([0xff, 0x1f, 0x00, 0xe8], "DTS", by: "dts"),
        Beginning([0x64, 0x58, 0x20, 0x25], "DTS-HD", by: "dtshd"),
        Beginning("FLV\u{1}", "sound in Flash video", by: "flv"),
        Beginning([0, 0, 1, 0xba], "sound in an MPEG program stream", by: "mpeg"),
        Beginning("RMID", "MIDI", at: 8), Beginning("MThd", "MIDI"),
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
