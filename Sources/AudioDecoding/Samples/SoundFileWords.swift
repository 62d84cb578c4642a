import CSndFile
import SoundFeatures
import Synchronization

/// The words for formats met so far.
private let knownWords = Mutex<[Int32: String]>([:])

/// What libsndfile says of a file, in words to show.
enum SoundFileWords {
    /// Container and encoding in libsndfile's words, without the maker's name in brackets.
    static func format(_ format: Int32, _ handle: OpaquePointer) -> String {
        // There are some hundred; folders of sounds have a few.
        if let known = knownWords.withLock({ $0[format] }) { return known }
        let made = unsafe make(format, handle)
        knownWords.withLock { $0[format] = made }
        return made
    }

    private static func make(_ format: Int32, _ handle: OpaquePointer) -> String {
        func name(_ part: Int32) -> String? {
            var info = unsafe SF_FORMAT_INFO()
            unsafe info.format = part
            let size = unsafe Int32(MemoryLayout<SF_FORMAT_INFO>.size)
            guard unsafe sf_command(handle, Int32(SFC_GET_FORMAT_INFO), &info, size) == 0, let name = unsafe info.name
            else {
                return nil
            }
            return unsafe String(cString: name)
        }
        let container = name(format & Int32(SF_FORMAT_TYPEMASK)).map { $0.prefix { $0 != "(" } }
        let encoding = name(format & Int32(SF_FORMAT_SUBMASK)).map { $0.replacing("Signed ", with: "") }
        return [container.map { trimmed($0) }, encoding].compactMap { $0 }.joined(separator: ", ")
    }

    /// How samples are to be written so that nothing of them is lost.
    static func encoding(_ format: Int32) -> SampleFormat.Encoding {
        switch Int(format) & Int(SF_FORMAT_SUBMASK) {
        case Int(SF_FORMAT_PCM_24), Int(SF_FORMAT_DWVW_24), Int(SF_FORMAT_ALAC_20), Int(SF_FORMAT_ALAC_24): .int24
        case Int(SF_FORMAT_PCM_32), Int(SF_FORMAT_ALAC_32): .int32
        case Int(SF_FORMAT_DOUBLE): .float64
        case Int(SF_FORMAT_FLOAT), Int(SF_FORMAT_VORBIS), Int(SF_FORMAT_OPUS), Int(SF_FORMAT_MPEG_LAYER_I),
            Int(SF_FORMAT_MPEG_LAYER_II), Int(SF_FORMAT_MPEG_LAYER_III):
            .float32
        // What is left has samples of up to 16 bits, or makes them of fewer.
        default: .int16
        }
    }

    /// Whether it follows from a frame's number where it is in the file, or the format is made for finding it: samples that
    /// are not packed, and FLAC. In others, going somewhere is not always the same as decoding up to there.
    static func seeksExactly(_ format: Int32) -> Bool {
        if Int(format) & Int(SF_FORMAT_TYPEMASK) == Int(SF_FORMAT_FLAC) { return true }
        return switch Int(format) & Int(SF_FORMAT_SUBMASK) {
        case Int(SF_FORMAT_PCM_S8), Int(SF_FORMAT_PCM_U8), Int(SF_FORMAT_PCM_16), Int(SF_FORMAT_PCM_24),
            Int(SF_FORMAT_PCM_32), Int(SF_FORMAT_FLOAT), Int(SF_FORMAT_DOUBLE), Int(SF_FORMAT_ULAW),
            Int(SF_FORMAT_ALAW):
            true
        default: false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}

extension ExtractionFailure {
    /// What libsndfile has to say of a file, or of the last one that it could not open.
    init(lastErrorOf handle: OpaquePointer?, reader: InputReader) {
        if let failure = reader.failure {
            self.init(.unreadable, "\(failure)")
            return
        }
        let code = unsafe Int(sf_error(handle))
        let text = unsafe sf_strerror(handle).map { unsafe String(cString: $0) } ?? "unknown error"
        switch code {
        case SF_ERR_UNRECOGNISED_FORMAT: self.init(.unknownFormat, "not audio of a known format")
        case SF_ERR_UNSUPPORTED_ENCODING:
            self.init(.unsupported, "unsupported: an encoding that libsndfile does not decode")
        // What libsndfile says where libmpg123 finds no frame, and where a decoder gives up without a word.
        case _ where ["File does not exist", "Unspecified internal", "Error : unknown"].contains { text.hasPrefix($0) }:
            self.init(.damaged, "no sound that can be decoded")
        default: self.init(.damaged, text.last == "." ? String(text.dropLast()) : text)
        }
    }
}
