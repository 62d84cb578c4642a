import SoundFeatures
import SystemPackage

/// How a file is to be decoded, as found in its own bytes.
///
/// Decoders believe headers: libsndfile hears no more than they claim, and one stream of several. A plan says what is really
/// there. Of an ordinary file that is one stream, the file as it is.
package struct SoundPlan {
    /// Sounds that follow each other in the file, in their order.
    var streams: [SoundStream]
    /// What the file's headers say wrongly, each a clause to show.
    var notes: [String] = []
    /// Whether the headers speak of more than the file holds, or something in it cannot be heard.
    var isCutShort = false

    /// One sound, the file as it is.
    init(asIs view: ByteView) { streams = [SoundStream(view: view)] }

    init(_ streams: [SoundStream]) { self.streams = streams }

    /// One sound that libsndfile does not decode.
    ///
    /// - Throws: ``ExtractionFailure`` if FFmpeg does not either.
    init(foreign kind: ForeignKind, _ view: ByteView) throws(ExtractionFailure) {
        guard kind.demuxer != nil else { throw .unsupported(kind.name) }
        streams = [SoundStream(view: view, decoder: .ffmpeg(kind))]
    }

    /// Adds what follows in the same file.
    mutating func append(_ next: SoundPlan) {
        streams += next.streams
        notes += next.notes
        isCutShort = isCutShort || next.isCutShort
    }

    /// Notes that a header claims another length than the file has.
    mutating func noteSize(claimed: UInt64, held: Int64) {
        notes.append("header claims \(claimed.grouped) bytes of sound, the file holds \(held.grouped)")
    }
}

extension SoundPlan: CustomStringConvertible {
    /// Looks at how an open file begins.
    ///
    /// - Parameter suffix: The extension of its name, in lower case and without a dot.
    /// - Throws: ``ExtractionFailure`` for what is recognised, and not decoded.
    package init(of file: some SoundInput, suffix: String) throws(ExtractionFailure) {
        self = try FileSniffer(suffix: suffix).plan(ByteView(of: try InputReader(file)))
    }

    /// The streams with their bytes and what is known of their frames, then the notes.
    package var description: String {
        let streams = streams.map { stream in
            let counted = stream.countedFrames.map { ", \($0.grouped) frames counted" } ?? ""
            let claimed = stream.claimedFrames.map { ", \($0.grouped) claimed" } ?? ""
            return "\(stream.view.size.grouped) bytes\(counted)\(claimed)\(stream.raw.map { ", \($0.words)" } ?? "")"
        }
        return (streams + notes + (isCutShort ? ["cut short"] : [])).joined(separator: "; ")
    }
}

/// One sound in a file.
struct SoundStream {
    /// What the decoder is given.
    var view: ByteView
    /// The encoding of what has no header; nil if the view begins with one.
    var raw: RawSound?
    /// Who decodes it.
    var decoder = Decoder.libsndfile
    /// Frames in the stream, where they were counted.
    var countedFrames: Int?
    /// Frames that the stream's header claims, where it is not the decoder that knows.
    var claimedFrames: Int?
}

extension BinaryInteger {
    /// The number with commas between its thousands.
    package var grouped: String {
        var text = ""
        for (index, digit) in String(self).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

extension ExtractionFailure {
    /// A file of a known kind that is not decoded, such as `AAC in MP4`.
    static func unsupported(_ what: String) -> ExtractionFailure {
        ExtractionFailure(.unsupported, "unsupported: \(what)")
    }
}
