/// Rows of texts under headings, in columns as wide as they need to be.
struct Table {
    enum Alignment { case left, right }

    /// A column's heading, and the side on which its texts are lined up.
    struct Column {
        var heading: String
        var alignment = Alignment.left
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [String]) {
        precondition(row.count == columns.count)
        rows.append(row)
    }

    /// The table as text; nothing if there are no rows.
    ///
    /// - Parameter width: How many columns the terminal has: longer lines are cut, and the headings are bold. Nil if there
    ///   is no terminal.
    func text(width: Int?) -> String {
        guard !rows.isEmpty else { return "" }
        let widths = columns.indices.map { index in
            max(columns[index].heading.count, rows.map { $0[index].count }.max() ?? 0)
        }
        let head = line(columns.map(\.heading), widths, cutTo: width)
        let bold = width == nil ? head : "\u{1B}[1m\(head)\u{1B}[0m"
        return ([bold] + rows.map { line($0, widths, cutTo: width) }).map { $0 + "\n" }.joined()
    }

    private func line(_ texts: [String], _ widths: [Int], cutTo width: Int?) -> String {
        var line = ""
        for (index, text) in texts.enumerated() {
            let gap = String(repeating: " ", count: widths[index] - text.count)
            let isLast = index == texts.count - 1
            line += columns[index].alignment == .right ? gap + text : text + (isLast ? "" : gap)
            if !isLast { line += "  " }
        }
        guard let width, line.count > width else { return line }
        return String(line.prefix(max(0, width - 1))) + "…"
    }
}
