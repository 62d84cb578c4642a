import CommandOutput
import Platform
import SystemPackage
import TimbreWire

/// Labels of files, as a table in a file has them.
package struct LabelTable {
    package private(set) var labels: [FileLabel] = []

    /// Reads labels.
    ///
    /// - Parameters:
    ///   - file: A table in comma-separated values with a column `path`; columns `group` and `pitch` are taken if there
    ///     are any. Rows without a label are left out.
    ///   - column: The column that has the labels.
    ///   - root: Where relative paths begin; the table's own folder if nil.
    ///   - needed: The columns that there must be besides.
    /// - Throws: ``Failure``, of code 65 if it is no such table.
    package init(readingFrom file: FilePath, column: String, root: FilePath?, needed: [String]) throws(Failure) {
        let name = WirePath(file).shown
        let text = try [UInt8](readingAll: file)
        let table: CSVTable
        do throws(CSVTable.Mistake) { table = try CSVTable(text) } catch {
            throw Failure(.notAudio, what: "\(name):\(error.line)", why: error.reason)
        }
        func place(_ column: String) throws(Failure) -> Int {
            guard let place = table.column(column) else {
                let columns = table.columns.map { WirePath($0).shown }.joined(separator: ", ")
                throw Failure(.usage, what: name, why: "no column \(column)", next: "there are \(columns)")
            }
            return place
        }
        let (path, label) = (try place("path"), try place(column))
        for column in needed { _ = try place(column) }
        let parent = file.removingLastComponent()
        let folder = root ?? (parent.isEmpty ? "." : parent)
        var lines: [WirePath: Int] = [:]
        for row in table.rows where !row.fields[label].isEmpty {
            let found = try WirePath(naming: folder.pushing(FilePath(bytes: row.fields[path])))
            if let line = lines[found] {
                throw Failure(
                    .notAudio, what: "\(name):\(row.line)",
                    why: "\(WirePath(row.fields[path]).shown) has a label already, in line \(line)")
            }
            lines[found] = row.line
            func text(_ column: String) -> String? {
                table.column(column).map { row.fields[$0] }.flatMap { $0.isEmpty ? nil : WirePath($0).shown }
            }
            labels.append(
                FileLabel(
                    path: found, label: WirePath(row.fields[label]).shown, group: text("group"), pitch: text("pitch")))
        }
        guard !labels.isEmpty else { throw Failure(.notAudio, what: name, why: "no file has a label") }
    }
}
