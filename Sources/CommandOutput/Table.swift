/// Rows of texts under headings, in columns as wide as they need to be.
package struct Table {
    package enum Alignment { case left, right }

    /// A column's heading, and the side on which its texts are lined up.
    package struct Column {
        var heading: String
        var alignment: Alignment
        /// Whether texts are paths: where there is no room they are cut on the left, and never in the file's name.
        var isPath: Bool
        /// The folder from which paths are told apart: on a terminal with colours, what of a path's folder is another one
        /// stands out, and what is the same stands back. Nil if none.
        var home: String?

        package init(
            heading: String, alignment: Alignment = .left, isPath: Bool = false, home: String? = nil
        ) {
            (self.heading, self.alignment, self.isPath, self.home) = (heading, alignment, isPath, home)
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    package mutating func add(_ row: [String]) {
        precondition(row.count == columns.count)
        rows.append(row)
    }

    /// Columns between two texts.
    private static let gap = 2

    /// The table as text; nothing if there are no rows.
    ///
    /// - Parameters:
    ///   - width: How many columns the terminal has: paths are cut to it, then longer lines, and the headings are bold. Nil if
    ///     there is no terminal.
    ///   - colours: Whether it shows colours.
    package func text(width: Int?, colours: Bool = Output.hasColours) -> String {
        guard !rows.isEmpty else { return "" }
        let natural = columns.indices.map { index in
            max(columns[index].heading.count, rows.map { $0[index].count }.max() ?? 0)
        }
        let widths = width.map { fitted(natural, to: $0) } ?? natural
        let head = line(columns.map { TableCell($0.heading) }, widths, cutTo: width)
        let bold = width == nil ? head : "\u{1B}[1m\(head)\u{1B}[0m"
        let lines = rows.map { row in
            line(
                row.indices.map { index in
                    let column = columns[index]
                    guard column.isPath else { return TableCell(row[index]) }
                    return TableCell(
                        path: row[index], room: width == nil ? nil : widths[index],
                        home: colours && width != nil ? column.home : nil)
                }, widths, cutTo: width)
        }
        return ([bold] + lines).map { $0 + "\n" }.joined()
    }

    /// The widths of columns when paths share the room that others leave: equally, but for those that need less.
    private func fitted(_ natural: [Int], to width: Int) -> [Int] {
        var widths = natural
        let paths = columns.indices.filter { columns[$0].isPath }.sorted { natural[$0] < natural[$1] }
        var room = width - Self.gap * (columns.count - 1)
        for index in columns.indices where !columns[index].isPath { room -= natural[index] }
        for (place, index) in paths.enumerated() {
            widths[index] = min(natural[index], max(columns[index].heading.count, room / (paths.count - place)))
            room -= widths[index]
        }
        return widths
    }

    private func line(_ cells: [TableCell], _ widths: [Int], cutTo width: Int?) -> String {
        var (line, count) = ("", 0)
        // Where the last text ends: no line has blanks behind it.
        var end = line.endIndex
        for (index, cell) in cells.enumerated() {
            let isLast = index == cells.count - 1
            let space = String(repeating: " ", count: max(0, widths[index] - cell.count))
            let text: String
            if let width, !columns[index].isPath, count + cell.count > width {
                text = String(cell.shown.prefix(max(0, width - count - 1))) + "…"
            } else {
                text = cell.shown
            }
            if columns[index].alignment == .right { line += space }
            line += text
            if cell.count > 0 { end = line.endIndex }
            if columns[index].alignment == .left { line += space }
            count += max(widths[index], cell.count) + Self.gap
            if !isLast { line += String(repeating: " ", count: Self.gap) }
        }
        return String(line[..<end])
    }
}
