import CommandOutput
import TimbreWire

/// How two folders compare, as it is printed: pairs first, the nearest before the others, then what has no counterpart.
package struct CompareOutput {
    let a: WirePath
    let b: WirePath
    /// What is shown.
    let files: [ComparedFile]
    /// How many files of each folder have no counterpart, whether they are shown or not.
    private let lonelyCounts: [ComparedFile.Side: Int]
    /// Whether what has a counterpart is left out.
    let missing: Bool

    /// - Parameter count: How many files to show at most; all of them if nil.
    package init(a: WirePath, b: WirePath, files: [ComparedFile], missing: Bool, count: Int? = nil) {
        (self.a, self.b, self.missing) = (a, b, missing)
        let sorted = (missing ? files.filter { !$0.hasCounterpart } : files).enumerated().sorted { first, second in
            Self.key(first.element, first.offset) < Self.key(second.element, second.offset)
        }.map(\.element)
        self.files = Array(sorted.prefix(count ?? sorted.count))
        lonelyCounts = Dictionary(files.filter { !$0.hasCounterpart }.map { ($0.side, 1) }, uniquingKeysWith: +)
    }

    /// Pairs before others, the first folder's before the second's, then the best score, then as they came.
    private static func key(_ file: ComparedFile, _ place: Int) -> (Int, Int, Double, Int) {
        (file.hasCounterpart ? 0 : 1, file.side == .a ? 0 : 1, -(file.score ?? -1), place)
    }

    /// What `--json` prints.
    struct Whole: Encodable {
        var files: [ComparedFile]
    }

    /// Prints it.
    ///
    /// - Throws: ``Failure`` of code 1 if there is nothing to print.
    package func show(as form: ListForm) throws {
        try form.show(Whole(files: files), rows: files, path: \.path) { text(width: Output.width) }
        if files.isEmpty { throw Failure(.noMatch) }
    }

    /// The comparison as people read it.
    func text(width: Int?) -> String {
        let (ofA, ofB) = (Shown.path(a), Shown.path(b))
        var parts: [String] = []
        if !missing {
            parts.append(
                table(files.filter { $0.hasCounterpart && $0.side == .a }, "\(ofA)", "nearest in \(ofB)", width))
            // That a sound of the second folder has a counterpart is seen from the first, unless it is nobody's nearest.
            let told = Set(files.filter { $0.hasCounterpart && $0.side == .a }.compactMap(\.nearest))
            parts.append(
                table(
                    files.filter { $0.hasCounterpart && $0.side == .b && !told.contains($0.path) }, "\(ofB)",
                    "nearest in \(ofA)", width))
        }
        parts.append(lonely(.a, other: ofB, width))
        parts.append(lonely(.b, other: ofA, width))
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func lonely(_ side: ComparedFile.Side, other: String, _ width: Int?) -> String {
        let rows = files.filter { !$0.hasCounterpart && $0.side == side }
        guard !rows.isEmpty else { return "" }
        let folder = Shown.path(side == .a ? a : b)
        return "no counterpart in \(other): \(Shown.count(lonelyCounts[side] ?? 0, "file"))\n"
            + table(rows, folder, "nearest all the same", width)
    }

    private func table(_ rows: [ComparedFile], _ heading: String, _ nearest: String, _ width: Int?) -> String {
        var table = Table([
            .init(heading: "score", alignment: .right), .init(heading: "length", alignment: .right),
            .init(heading: heading, isPath: true), .init(heading: nearest, isPath: true),
        ])
        for row in rows {
            let (own, other) = row.side == .a ? (a, b) : (b, a)
            table.add([
                row.score.map { Shown.number($0, digits: 3) } ?? "", Shown.duration(row.duration),
                Self.name(row.path, below: own),
                row.nearest.map { Self.name($0, below: other) } ?? "too faint to compare",
            ])
        }
        return table.text(width: width)
    }

    /// A path as it is named within a folder.
    private static func name(_ path: WirePath, below folder: WirePath) -> String {
        let (path, folder) = (Shown.path(path), Shown.path(folder))
        return path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }
}
