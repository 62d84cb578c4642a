import ArgumentParser
import TimbreCodes
import TimbreIndex

/// Measures searches beside a plain read of what they search.
struct Search: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure searches beside a plain read of what they search.",
        discussion: """
            Every search goes through the whole of a made-up library, in one thread, by the code or the vector of one \
            sound; in turns with it, all bytes that it is about are read, as fast as memory gives them. Those are 16 \
            bytes for each code and 64 for each vector; the first 16 of these, the heads, are what is read of a vector \
            that is not near. Each line has the median of a search, what that is for each code or vector, how many of \
            these bytes a second that is, the medians of the reads, and how many times as long the search takes.
            """)

    @Option(parsing: .upToNextOption, help: "How many spans the library has.")
    var sizes = [10_000, 100_000, 1_000_000, 10_000_000]

    @Option(name: .shortAndLong, help: "How many spans each file has.")
    var spans = 1

    @Option(name: .shortAndLong, help: "How many matches each search is to find.")
    var count = 10

    @Option(name: .shortAndLong, help: "How often each search is measured.")
    var runs = 21

    @Option(help: "How sounds differ in the components of their vectors: \(Spread.allCases.map(\.rawValue)).")
    var spread = Spread.blocks

    @Option(help: "By how much, in each component, sounds of one kind differ, and spans of one sound.")
    var noise = Spread.noise

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard spans > 0, count > 0, runs > 0, sizes.allSatisfy({ $0 >= spans }) else {
            throw ValidationError("--spans, --count and --runs must be above 0, and --sizes not below --spans.")
        }
        guard (0...100).contains(noise) else { throw ValidationError("--noise must lie between 0 and 100.") }
    }

    func run() throws {
        for size in sizes {
            var library = MadeUpLibrary(spansPerFile: spans, spread: spread, noise: noise)
            let index = library.index(fileCount: size / spans)
            let query = library.file(Int64(size / spans))
            var table = FigureTable(
                """
                search: \(index.spanCount) spans of \(index.fileCount) files, top \(count), components \
                \(spread.rawValue), 16 bytes a code, \(TimbreVector.dimension) a vector, 16 a head
                """,
                columns: [
                    "ms", "ns each", "GB/s", "plain read ms", "ratio", "plain read of heads ms", "ratio to heads",
                ])
            for kind in SearchKind.allCases { measure(kind, index, query, &table) }
            try report.show(table)
        }
    }

    /// Adds a line for one kind of search with each filter.
    private func measure(_ kind: SearchKind, _ index: TimbreIndex, _ query: IndexedFile, _ table: inout FigureTable) {
        let parts = [kind.part] + (kind.head.map { [$0] } ?? [])
        let filters = SearchFilter.allCases
        let times = Stopwatch(runs: runs).medians(
            of: filters.map { filter in
                let filter = filter.filter(fileCount: index.fileCount, spansPerFile: spans)
                return { keep(kind.find(query, in: index, count: count, filter)) }
            } + parts.map { part in { keep(index.read(part)) } })
        let items = kind.isOfFiles ? index.fileCount : index.spanCount
        let reads = times[filters.count...]
        for (filter, time) in zip(filters, times) {
            let head = kind.head == nil ? nil : reads.last
            table.add(
                "\(kind.rawValue)\(filter.rawValue)", time, time * 1e6 / Double(items),
                Double(items * kind.bytes) / time / 1e6, reads.first, reads.first.map { time / $0 }, head,
                head.map { time / $0 })
        }
    }

    /// Uses what a search or a read gave, so that it cannot be left out.
    private func keep(_ found: some BinaryInteger) { precondition(found > 0) }
}
