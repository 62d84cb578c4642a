import PageServer
import Platform
import SystemPackage
import TimbrePictures
import TimbreWire

/// A picture of a sound, or of two with the codes that both have, as the page asks for it.
struct PictureQuestion: Decodable {
    private var sound: PageSound
    /// What the sound is compared with; it stands above it.
    private var beside: PageSound?
    private var at: TimeSpan?
    private var width: Int
    private var theme: String
    private var lanes: [String]

    /// Draws what the daemon says.
    ///
    /// - Parameter heard: Finds a sound that was dropped.
    func picture(_ library: Library, heard: (String) -> QuerySound?) throws -> PageResponse {
        let sound = try sound.query(heard)
        let columns = min(max(width, SoundPicture.widths.lowerBound), SoundPicture.widths.upperBound)
        func look(_ sound: QuerySound, _ part: TimeSpan?, name: String) throws -> PicturedSound {
            let look = try library.ask(Look.self, Look.Parameters(sound: sound, at: part, columns: columns))
            return PicturedSound(look, title: name)
        }
        var sounds = [try look(sound, at, name: "")]
        var marked: [SoundPicture.MarkedCode] = []
        if let beside = try beside?.query(heard) {
            sounds = [try look(beside, nil, name: Self.name(beside)), try look(sound, at, name: Self.name(sound))]
            marked = try Self.shared(beside, sound, at, library)
        }
        let picture = SoundPicture(
            of: sounds, marked: marked, lanes: PictureLane.allCases.filter { lanes.contains($0.rawValue) },
            theme: theme == "dark" ? .dark : .light)
        return PageResponse(
            200, fields: PageAnswer.fields + [PageField("Content-Type", "image/svg+xml")],
            body: .bytes(Array(picture.svg(width: columns).utf8)))
    }

    /// The codes that are heard in both, those that fewest files of the library have first; none if one is silent.
    private static func shared(
        _ a: QuerySound, _ b: QuerySound, _ part: TimeSpan?, _ library: Library
    ) throws -> [SoundPicture.MarkedCode] {
        do {
            let explanation = try library.ask(Explain.self, Explain.Parameters(a: a, b: b, at: part))
            return explanation.shared.map { shared in
                let files = shared.files == 1 ? "1 file" : "\(shared.files) files"
                return SoundPicture.MarkedCode(code: shared.code, words: "code \(shared.code), heard in \(files)")
            }
        } catch LibraryError.emptyQuery { return [] }
    }

    private static func name(_ sound: QuerySound) -> String {
        sound.path.map { String(escaping: FilePath(bytes: $0.bytes).nameBytes, for: .line) } ?? "a code"
    }
}
