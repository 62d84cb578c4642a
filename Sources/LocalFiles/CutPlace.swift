import CommandOutput
import TimbreWire
import Varlink

/// A place in a recording that is to be cut out.
package struct CutPlace: Hashable {
    package var recording: WirePath
    package var part: TimeSpan

    package init(recording: WirePath, part: TimeSpan) { (self.recording, self.part) = (recording, part) }

    /// The place with some of what is before and behind it.
    package func part(withMargin margin: Double) -> TimeSpan {
        TimeSpan(start: max(0, part.start - margin), end: part.end + margin)
    }
}

extension CutPlace: Decodable {
    private enum CodingKeys: String, CodingKey { case start, end }

    /// Reads a row of `similar --jsonl`, or another object with `path`, perhaps `path_bytes`, `start` and `end`.
    package init(from decoder: any Decoder) throws {
        recording = try WirePath(from: decoder)
        let members = try decoder.container(keyedBy: CodingKeys.self)
        part = TimeSpan(
            start: try members.decode(Double.self, forKey: .start), end: try members.decode(Double.self, forKey: .end))
        guard part.start >= 0, part.end > part.start, part.end.isFinite else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a part"))
        }
    }

    /// Reads a line of standard input.
    ///
    /// - Throws: ``Failure`` of code 65 if it is no such object.
    package init(line: String, number: Int) throws(Failure) {
        do { self = try JSON.decode(CutPlace.self, from: line.utf8) } catch {
            throw Failure(
                .notAudio, what: "standard input:\(number)", why: "no object with path, start and end",
                next: "`similar --segments --jsonl` writes them")
        }
    }
}
