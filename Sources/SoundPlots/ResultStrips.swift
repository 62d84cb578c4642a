import CommandOutput
import SoundFeatures
import TimbrePictures
import TimbreWire

/// A small picture for each result of a search: its Bark bands, below its row of the table.
package struct ResultStrips {
    let library: any LibraryAsker
    /// Whether a result is a part of a file.
    let segments: Bool

    package init(_ library: any LibraryAsker, segments: Bool) { (self.library, self.segments) = (library, segments) }

    /// Rows of a terminal that a picture takes.
    private static let rows = 4
    private static let indent = "   "
    /// Columns at the most: longer ones are hard to take in at a glance.
    private static let mostColumns = 72

    /// A table with a picture below each row.
    ///
    /// - Parameters:
    ///   - lines: The table: a line of headings, then one for each result.
    ///   - width: Columns of the terminal; nil if there is none.
    package func text(_ lines: [Substring], of results: [SimilarResult], width: Int?) throws -> String {
        var text = lines.prefix(1).map { "\($0)\n" }.joined()
        for (line, result) in zip(lines.dropFirst(), results) {
            text += "\(line)\n" + (try strip(of: result, columns: min(Self.mostColumns, max((width ?? 80) - 3, 20))))
        }
        return text
    }

    private func strip(of result: SimilarResult, columns: Int) throws -> String {
        let part = segments && result.end > result.start ? TimeSpan(start: result.start, end: result.end) : nil
        let parameters = Look.Parameters(sound: QuerySound(.file(result.path)), at: part, columns: columns)
        let look: Look.Reply
        do { look = try library.ask(Look.self, parameters) } catch LibraryError.notIndexed(_, _, let reason) {
            // It was deleted between the search and now.
            return "\(Self.indent)\(Shown.escaped(reason))\n"
        } catch { throw Failure(error, what: "similar") }
        let picture = SoundPicture(of: [PicturedSound(look, title: "")], lanes: [.bands])
        let lines = picture.strip(columns: columns, rows: Self.rows, .ofOutput).split(separator: "\n")
        return lines.map { "\(Self.indent)\($0)\n" }.joined()
    }
}
