import PageServer
import TimbrePictures
import TimbreWire

/// A picture of a sound, as the page asks for it.
struct PictureQuestion: Decodable {
    private var sound: PageSound
    private var at: TimeSpan?
    private var width: Int
    private var theme: String
    private var lanes: [String]

    /// What the daemon is asked.
    ///
    /// - Parameter heard: Finds a sound that was dropped.
    func parameters(heard: (String) -> QuerySound?) throws -> Look.Parameters {
        Look.Parameters(sound: try sound.query(heard), at: at, columns: columns)
    }

    /// Draws what the daemon has said.
    func picture(_ look: Look.Reply) -> PageResponse {
        let drawn = PictureLane.allCases.filter { lanes.contains($0.rawValue) }
        let picture = SoundPicture(
            of: [PicturedSound(look, title: "")], lanes: drawn, theme: theme == "dark" ? .dark : .light)
        return PageResponse(
            200, fields: PageAnswer.fields + [PageField("Content-Type", "image/svg+xml")],
            body: .bytes(Array(picture.svg(width: columns).utf8)))
    }

    private var columns: Int {
        min(max(width, SoundPicture.widths.lowerBound), SoundPicture.widths.upperBound)
    }
}
