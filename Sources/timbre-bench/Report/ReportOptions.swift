import ArgumentParser
import Foundation

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
