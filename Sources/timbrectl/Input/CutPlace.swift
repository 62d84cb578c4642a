import Platform
import SystemPackage
import TimbreWire
import Varlink

/// A place in a recording that is to be cut out.
struct CutPlace: Hashable {
    var recording: WirePath
    var part: TimeSpan

    /// The place with some of what is before and behind it.
    func part(withMargin margin: Double) -> TimeSpan {
        TimeSpan(start: max(0, part.start - margin), end: part.end + margin)
    }
}

extension CutPlace: Decodable {
    private enum CodingKeys: String, CodingKey { case start, end }

    /// Reads a row of `similar --jsonl`, or another object with `path`, perhaps `path_bytes`, `start` and `end`.
    init(from decoder: any Decoder) throws {
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
    init(line: String, number: Int) throws(Failure) {
        do { self = try JSON.decode(CutPlace.self, from: line.utf8) } catch {
            throw Failure(
                .notAudio, what: "standard input:\(number)", why: "no object with path, start and end",
                next: "`similar --segments --jsonl` writes them")
        }
    }
}

/// Names for what is cut out: the recording's own and the time, `tape 3 0h14m07.2s.wav`.
struct CutNames {
    private var taken: Set<FilePath.Component> = []

    /// Bytes in a name at the most, on nearly every file system.
    private static let longest = 255

    /// A name that was not given before.
    mutating func name(for place: CutPlace) -> FilePath.Component {
        let file = FilePath(bytes: place.recording.bytes).lastComponent ?? "sound"
        for copy in 1... {
            let end = " \(Self.time(place.part.start))\(copy > 1 ? " (\(copy))" : "").wav"
            let stem = Self.stem(of: file, most: Self.longest - end.utf8.count)
            let path = FilePath(bytes: stem + Array(end.utf8))
            if let name = path.lastComponent, taken.insert(name).inserted { return name }
        }
        preconditionFailure("some number is free")
    }

    /// A name without its extension, cut before a letter if it is too long.
    private static func stem(of file: FilePath.Component, most: Int) -> [UInt8] {
        let name = FilePath(root: nil, [file]).bytes
        let dot = file.extension == nil ? nil : name.lastIndex(of: UInt8(ascii: "."))
        var end = dot ?? name.count
        guard end > most else { return Array(name[..<end]) }
        end = most
        // A letter has up to four bytes, of which all but the first look like this.
        while end > most - 3, name[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(name[..<end])
    }

    /// A moment as a part of a name: no colon, which some systems do not have in names.
    static func time(_ seconds: Double) -> String {
        let tenths = Int((max(seconds, 0) * 10).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(tenths / 36_000)h\(two(tenths / 600 % 60))m\(two(tenths / 10 % 60)).\(tenths % 10)s"
    }
}
