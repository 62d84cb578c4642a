import ArgumentParser
import Platform
import SoundExtraction
import SystemPackage
import TimbreCoding

/// Measures the way from a file to its codes and vectors, step by step.
struct Extract: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the way from sound files to codes and vectors.",
        discussion: """
            Times are of the processor, in one thread, medians of several runs over all files of a kind. Of each step they \
            are given in microseconds for a second of sound. Reading is what libsndfile needs for the same files. Files \
            are in memory from the first run on.
            """)

    @Argument(help: "Sound files, and folders of them.", transform: { FilePath($0) })
    var sounds: [FilePath]

    @Option(name: .shortAndLong, help: "How often everything is measured.")
    var runs = 5

    @Option(name: .shortAndLong, help: "Also measure the whole in so many threads, by the clock on the wall.")
    var threads: Int?

    @Option(help: "The model to code with.", transform: { FilePath($0) })
    var model = FilePath("Config/timbre-model.json")

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard runs > 0, threads ?? 1 > 0 else { throw ValidationError("--runs and --threads must be above 0.") }
    }

    func run() throws {
        let coding = SoundCoding(try TimbreModel(json: try model.contents()))
        let groups = try SoundFiles.groups(of: sounds)
        guard !groups.isEmpty else { throw ValidationError("There is no sound that can be read.") }
        var table = FigureTable(
            "extraction: files to codes and vectors",
            columns: ["files", "seconds", "× real time", "files/s", "× reading"] + Stage.allCases.map { "\($0) µs/s" })
        for group in groups {
            let measured = try StagedExtraction(group.files, coding).medians(runs: runs)
            let (seconds, total) = (group.seconds, measured.total)
            table.add(
                group.name,
                [
                    Double(group.files.count), seconds, seconds / total, Double(group.files.count) / total,
                    total / measured[.read],
                ] + Stage.allCases.map { measured[$0] / seconds * 1e6 })
        }
        try report.show(table)
        guard let threads else { return }
        var whole = FigureTable("extraction in \(threads) threads", columns: ["files", "files/s"])
        for group in groups {
            let rates = try (0..<runs).map { _ in
                Double(group.files.count) / (try ParallelExtraction(group.files, coding).seconds(threads: threads))
            }
            whole.add(group.name, [Double(group.files.count), rates.median])
        }
        try report.show(whole)
    }
}
