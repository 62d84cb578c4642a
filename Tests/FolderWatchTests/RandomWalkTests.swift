import FolderWatch
import Platform
import SystemPackage
import TestFiles
import Testing

struct RandomWalkTests {
    /// A generator that gives the same walk each time (SplitMix64; G. Steele et al., OOPSLA 2014).
    struct Steps: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test("Whatever is done, what is known is what is there", arguments: 1...3)
    func agrees(seed: Int) throws {
        let place = try WatchedPlace(["root", "second"], make: ["root", "second", "outside"])
        defer { place.close() }
        var steps = Steps(state: UInt64(seed))
        for round in 0..<150 {
            let all = ["root", "second", "outside"].map { Disk.tree(place.place.appending($0)) }
            let directories = all.flatMap(\.directories).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            let files = all.flatMap(\.files).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            guard let target = directories.randomElement(using: &steps) else { continue }
            let name = "\(Int.random(in: 0..<6, using: &steps))"
            do {
                switch Int.random(in: 0..<10, using: &steps) {
                case 0...2: try Disk.write(target.appending(name + ".wav"), name)
                case 3...4: try Disk.makeDirectory(target.appending(name + "/" + name))
                case 5: try files.randomElement(using: &steps).map { try Disk.unlink($0) }
                case 6:
                    try files.randomElement(using: &steps).map { try Disk.rename($0, target.appending(name + ".wav")) }
                case 7...8:
                    let source = directories.randomElement(using: &steps) ?? target
                    if source.removingLastComponent() != place.place {
                        try Disk.rename(source, target.appending(name))
                    }
                default:
                    if target.removingLastComponent() != place.place { Disk.remove(target) }
                }
            } catch is Errno {
                // Some steps are not possible: a directory into itself, or over one that is not empty.
            }
            if round % 100 == 0 { place.sync() }
            if round % 30 == 29 { try place.restart() }
        }
        let there = Disk.tree(place.root).files.union(Disk.tree(place.place.appending("second")).files)
        place.wait("all settled") { $0.settledCount == there.count && $0.pendingCount == 0 && $0.settled == there }
        #expect(place.known.settled == there)
        place.sync()
        let directories = Disk.tree(place.root).directories + Disk.tree(place.place.appending("second")).directories
        #expect(place.watcher.usage.folders.reduce(0) { $0 + $1.watches } == directories.count)
    }
}
