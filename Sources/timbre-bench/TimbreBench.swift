import ArgumentParser

/// Measures how long the parts of timbred take, on data made up for it.
@main
struct TimbreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbre-bench", abstract: "Measure how long the parts of timbred take.",
        subcommands: [
            Extract.self, DescribeBands.self, Retrain.self, Search.self, Metrics.self, Memory.self, MakeLibrary.self,
            MakeRecordings.self,
        ])
}
