import ArgumentParser
import CLinux
import Foundation
import TimbreIndex

/// Measures how much memory the index takes.
struct Memory: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how much memory the index of a made-up library takes.",
        discussion: """
            Names have 14 bytes. What the process holds in memory is measured with the index and after it is given \
            back.
            """)

    @Option(parsing: .upToNextOption, help: "How many files the library has.")
    var sizes = [10_000, 100_000, 1_000_000]

    @Option(parsing: .upToNextOption, help: "How many spans each file has.")
    var spans = [1, 10]

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard (sizes + spans).allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--sizes and --spans must be above 0.")
        }
    }

    func run() throws {
        for spans in spans {
            var table = FigureTable("memory: \(spans) spans a file", columns: ["MB", "bytes a file"])
            for size in sizes {
                let bytes = try measure(fileCount: size, spans: spans)
                table.add("\(size) files", Double(bytes) / 1e6, Double(bytes) / Double(size))
            }
            try report.show(table)
        }
    }

    /// How many bytes an index takes.
    private func measure(fileCount: Int, spans: Int) throws -> Int {
        var library = MadeUpLibrary(spansPerFile: spans, spread: .blocks, noise: Spread.noise)
        let held: Int
        do {
            let index = library.index(fileCount: fileCount)
            malloc_trim(0)
            held = try ResidentMemory.bytes()
            precondition(index.fileCount == fileCount)
        }
        malloc_trim(0)
        return held - (try ResidentMemory.bytes())
    }
}

/// What this process holds in memory.
enum ResidentMemory {
    /// There is no such line in the kernel's account of the process.
    struct Unknown: Error {}

    /// The size of what is resident, in bytes.
    static func bytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            if let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
                return 1024 * kilobytes
            }
        }
        throw Unknown()
    }
}
