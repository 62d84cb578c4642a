import Glibc
import SystemPackage
import TestFiles
import TestSounds
import Testing
import TimbreWire
import Varlink

/// The real daemon, started and stopped by a service manager that keeps what it is given.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct KeptWatchesTests {
    let folder: TemporaryFolder
    let manager: DescriptorKeeper

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("samples")
        _ = try folder.write("watch = [\"\(folder.path)/samples\"]\n", to: "timbred.toml")
        manager = try DescriptorKeeper(folder.path)
    }

    private func write(_ hertz: Double, to name: String) throws {
        let tone = WaveFile(sine(hertz, count: 30_000, rate: 22_050), rate: 22_050)
        _ = try folder.write(tone.bytes, to: "samples/\(name)")
    }

    /// What the daemon counts once all that is on disk is searchable.
    private func status() throws -> Status.Reply {
        var client = try VarlinkClient(connectingTo: manager.socket)
        _ = try client.call(Sync.self, Nothing())
        return try client.call(Status.self, Nothing())
    }

    @Test func whatHappensDuringARestartIsFoundWithoutAScan() throws {
        try write(200, to: "before.wav")
        try manager.start()
        #expect(try status().files.indexed == 1)
        try manager.stop(by: SIGTERM)
        #expect(manager.kept.count == 2)
        try write(300, to: "meanwhile.wav")
        try manager.start()
        #expect(manager.kept.isEmpty)
        let after = try status()
        #expect(try manager.said("watches=kept"))
        #expect(after.files.indexed == 2 && after.decoded == 1)
        try manager.stop(by: SIGTERM)
        #expect(try manager.said("decoded=1"))
    }

    @Test func watchesAreNotUsedTwiceNorUnderAnotherConfiguration() throws {
        try write(200, to: "before.wav")
        try manager.start()
        _ = try status()
        try manager.stop(by: SIGTERM)
        let old = try manager.copy()
        try manager.start()
        _ = try status()
        #expect(try manager.said("watches=kept"))
        // What happened after a kill is in no queue that is known to be taken in.
        try manager.stop(by: SIGKILL)
        try write(300, to: "meanwhile.wav")
        manager.kept = old
        try manager.start()
        #expect(try status().files.indexed == 2)
        #expect(try manager.said("watches=new"))
        try manager.stop(by: SIGTERM)
        _ = try folder.write(
            "watch = [\"\(folder.path)/samples\"]\nexclude = [\"before*\"]\n", to: "timbred.toml")
        try manager.start()
        #expect(try status().files.indexed == 1)
        #expect(try manager.said("watches=new"))
        try manager.stop(by: SIGTERM)
    }
}
