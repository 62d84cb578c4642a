import ArgumentParser
import TimbreCodes
import TimbreIndex

/// Measures searches by timbre vectors beside the same ones by codes.
struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure searches by timbre vectors beside the same ones by codes.",
        discussion: """
            Every search goes through the whole of a made-up library, in one thread. Each line has the medians of one \
            search by codes and one by vectors, and how many times as long the latter takes. Files are searched by the \
            codes of some spans and by the one vector of the whole sound, spans by the codes and the vectors of some.
            """)

    @Option(name: .shortAndLong, help: "How many files the library has.")
    var files = 100_000

    @Option(name: .shortAndLong, help: "How many spans each file has.")
    var spans = 10

    @Option(name: .shortAndLong, help: "How many matches each search is to find.")
    var count = 20

    @Option(name: .shortAndLong, help: "How often each search is measured.")
    var runs = 21

    @Option(help: "How sounds differ in the components of their vectors: \(Spread.allCases.map(\.rawValue)).")
    var spread = Spread.allCases

    @Option(help: "By how much, in each component, sounds of one kind differ, and spans of one sound.")
    var noise = Spread.noise

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard files > 0, spans > 0, count > 0, runs > 0 else {
            throw ValidationError("--files, --spans, --count and --runs must be above 0.")
        }
        guard (0...100).contains(noise) else { throw ValidationError("--noise must lie between 0 and 100.") }
    }

    func run() throws {
        for spread in spread {
            var library = MadeUpLibrary(spansPerFile: spans, spread: spread, noise: noise)
            let index = library.index(fileCount: files)
            let query = library.file(Int64(files))
            var table = FigureTable(
                "metrics: \(index.fileCount) files, \(index.spanCount) spans, components \(spread.rawValue)",
                columns: ["codes ms", "vectors ms", "ratio"])
            for length in Set([1, min(spans, 3), spans]).sorted() {
                measure(index, spans: query.spans.prefix(length), whole: query.vector.map { [$0] } ?? [], &table)
            }
            try report.show(table)
        }
    }

    /// Adds a line for the files and one for the spans that are found by some spans of a sound.
    private func measure(
        _ index: TimbreIndex, spans: ArraySlice<IndexedSpan>, whole: [TimbreVector], _ table: inout FigureTable
    ) {
        let codes = spans.map(\.code)
        let vectors = spans.compactMap(\.vector)
        let times = Stopwatch(runs: runs).medians(of: [
            { keep(index.nearestFiles(to: codes, count: count)) },
            { keep(index.nearestFiles(toVectors: whole.map { ($0, 1) }, codes: codes, count: count)) },
            { keep(index.nearestSpans(to: codes, count: count)) },
            { keep(index.nearestSpans(toVectors: vectors, codes: codes, count: count)) },
        ])
        let name = spans.count == 1 ? "1 span" : "\(spans.count) spans"
        table.add("files by \(name)", times[0], times[1], times[1] / times[0])
        table.add("spans by \(name)", times[2], times[3], times[3] / times[2])
    }

    /// Uses what a search found, so that it cannot be left out.
    private func keep(_ found: [some Any]) { precondition(!found.isEmpty) }
}
