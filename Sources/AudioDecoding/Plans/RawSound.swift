import CSndFile

/// A sound without a header, of which nothing but the name of its file tells what it is.
///
/// Telephony has such files: Dialogic's ADPCM, GSM 06.10 and the two laws, all mono at 8 kHz. SoX reads these extensions
/// in the same way.
struct RawSound: Hashable {
    /// libsndfile's number for the encoding.
    let encoding: Int32
    /// Hertz.
    let sampleRate = 8000
    let channelCount = 1
    /// The encoding in words.
    let words: String

    /// The sound that a file's extension speaks of; nil if it speaks of none, or the file's bytes of another.
    init?(suffix: String, _ view: ByteView) {
        guard view.size > 0, !FileStart.isKnown(in: view, at: 0) else { return nil }
        switch suffix {
        case "vox": (encoding, words) = (Int32(SF_FORMAT_VOX_ADPCM), "VOX ADPCM, by its name")
        // Every frame of 33 bytes begins with the same four bits.
        case "gsm" where Self.allBegin(view, every: 33, with: 0xd0):
            (encoding, words) = (Int32(SF_FORMAT_GSM610), "GSM 6.10, by its name")
        case "al", "ala", "alaw": (encoding, words) = (Int32(SF_FORMAT_ALAW), "A-Law, by its name")
        case "ul", "ula", "ulaw", "mu", "mulaw": (encoding, words) = (Int32(SF_FORMAT_ULAW), "U-Law, by its name")
        default: return nil
        }
        if ForeignFormat(view) != nil { return nil }
    }

    private static func allBegin(_ view: ByteView, every distance: Int64, with bits: UInt8) -> Bool {
        stride(from: 0, to: min(view.size, 20 * distance), by: Int(distance)).allSatisfy { place in
            view.bytes(at: place, count: 1)?.first.map { $0 & 0xf0 } == bits
        }
    }
}
