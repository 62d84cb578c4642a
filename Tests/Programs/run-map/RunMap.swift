import ArgumentParser
import Platform
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreMap
import TimbreStore

/// Learns the map of a library, alone, and prints where its sounds lie.
///
/// The database is opened for reading. No daemon may have it open; a copy does as well.
@main struct RunMap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-map",
        abstract: "Lay out the sounds of a library: x, y, whether laid out, and path, tab between.")

    @Argument(help: "The database, library.sqlite of a state directory.", transform: { FilePath($0) })
    var database: FilePath

    @Option(help: "Lay out only the first so many sounds, and put the others beside them.")
    var most = SoundMap.mostSounds

    @Option(help: "Put sounds whose paths have this in them beside the others.")
    var beside: [String] = []

    /// A sound of the library.
    private struct Sound {
        var path: String
        var vector: TimbreVector
    }

    func run() throws {
        let sounds = try read()
        let isBeside = sounds.map { sound in beside.contains { sound.path.contains($0) } }
        let laidOut = Array(sounds.indices.filter { !isBeside[$0] }.prefix(most))
        let clock = ContinuousClock()
        var points: [MapPoint] = []
        let learning = clock.measure { points = SoundMap(of: laidOut.map { sounds[$0].vector }) { _ in }.points }
        var placing: [(Int, MapPoint)] = []
        let others = Set(sounds.indices).subtracting(laidOut).sorted()
        let placed = clock.measure {
            var newcomers = Newcomers(laidOut: zip(laidOut.map { sounds[$0].vector }, points).lazy.map { ($0, $1) })
            placing = others.map { ($0, newcomers.place(sounds[$0].vector)) }
        }
        for (place, point) in zip(laidOut, points) { print("\(point.x)\t\(point.y)\t1\t\(sounds[place].path)") }
        for (place, point) in placing { print("\(point.x)\t\(point.y)\t0\t\(sounds[place].path)") }
        try FileDescriptor.standardError.writeAll(
            "\(laidOut.count) sounds in \(learning); \(others.count) beside them in \(placed)\n".utf8)
    }

    private func read() throws -> [Sound] {
        try CatalogSnapshot(reading: database.resolved).read { reader in
            guard let model = try reader.liveModel() else { throw ValidationError("No model is in use there.") }
            let index = try LibraryLoader.index(model: model, reader)
            return try reader.contentsWithFile().compactMap { _, file in
                index.vector(of: file).map { vector in
                    Sound(path: String(decoding: index.path(of: file) ?? [], as: UTF8.self), vector: vector)
                }
            }
        }
    }
}
