import ArgumentParser
import Foundation

/// What was measured: a line for each case, a column for each figure.
struct FigureTable: Encodable {
    /// What was measured, and on what.
    let title: String
    /// What each column holds, with its unit.
    let columns: [String]
    private(set) var rows: [Line] = []

    struct Line: Encodable {
        var name: String
        /// A figure for each column; nil where there is none.
        var figures: [Double?]
    }

    init(_ title: String, columns: [String]) {
        self.title = title
        self.columns = columns
    }

    mutating func add(_ name: String, _ figures: Double?...) { add(name, figures) }

    mutating func add(_ name: String, _ figures: [Double?]) {
        precondition(figures.count == columns.count)
        rows.append(Line(name: name, figures: figures))
    }

    /// The table for people.
    var text: String {
        let cells = [columns] + rows.map { $0.figures.map { $0.map(Self.shown) ?? "" } }
        let names = [""] + rows.map(\.name)
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let nameWidth = names.map(\.count).max() ?? 0
        let lines = zip(names, cells).map { name, cells in
            zip(cells, widths).reduce(name + Self.spaces(nameWidth - name.count)) { line, cell in
                line + Self.spaces(2 + cell.1 - cell.0.count) + cell.0
            }
        }
        return ([title] + lines).joined(separator: "\n") + "\n"
    }

    /// A figure with three digits that tell, all digits of a large one.
    private static func shown(_ figure: Double) -> String {
        let places = abs(figure) >= 100 ? 0 : abs(figure) >= 10 ? 1 : abs(figure) >= 1 ? 2 : 3
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let rounded = Int((abs(figure) * Double(scale)).rounded())
        let fraction = String(rounded % scale)
        let point = places == 0 ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction
        return (figure < 0 && rounded > 0 ? "-" : "") + String(rounded / scale) + point
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}

/// In which form figures are printed.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Print JSON: a table a line, its title, columns and rows.")
    var json = false

    /// Prints a table as soon as it is complete.
    func show(_ table: FigureTable) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(table), as: UTF8.self))
        } else {
            print(table.text)
        }
        fflush(nil)
    }
}
