import Platform
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct DirectoryComparisonTests {
    private struct Found: Equatable {
        var name: [UInt8]
        var identity: FileIdentity
    }

    /// The same, by looking each file up.
    private func plain(
        _ directory: Int64, _ found: [Found], _ reader: CatalogReader, isOpen: (Int64) -> Bool
    ) throws -> DirectoryComparison {
        var comparison = DirectoryComparison()
        for (place, file) in found.enumerated() {
            let known = try reader.file(file.name, in: directory)
            if let known, known.state != .pending, !known.isOffline, known.identity == file.identity, !isOpen(known.id)
            {
                continue
            }
            comparison.differences.append(.init(place: place, known: known?.id))
        }
        let names = Set(found.map(\.name))
        comparison.missing = try reader.files(in: directory).filter { !names.contains($0.name) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(\.id)
        return comparison
    }

    @Test("Agrees with a look at each file", arguments: 0..<20)
    func agrees(seed: Int) throws {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (directory, other) = (try writer.directory("/a"), try writer.directory("/b"))
            // Names of few bytes, high ones among them, so that some are the beginnings of others.
            let bytes: [UInt8] = [1, 0x41, 0x7f, 0x80, 0xff]
            let names = Set((0..<60).map { _ in (0...draw(3)).map { _ in bytes[draw(5)] } })
            var found: [Found] = []
            for name in names {
                let number = Int64(draw(3))
                if draw(5) > 0 {
                    var file = try writer.addFile(name, in: directory, identity: identity(number), at: 0)
                    file.state = draw(6) == 0 ? .pending : [.indexed, .failed, .skipped][draw(3)]
                    file.isOffline = draw(8) == 0
                    try writer.update(file)
                } else if draw(2) == 0 {
                    _ = try writer.addFile(name, in: other, identity: identity(number), at: 0)
                }
                guard draw(5) > 0 else { continue }
                var seen = identity(number)
                switch draw(8) {
                case 0: seen.size += 1
                case 1: seen.modified += 1
                case 2: seen.changed -= 1
                case 3: seen.device -= 1
                case 4: seen.inode += 1
                default: break
                }
                found.append(Found(name: name, identity: seen))
            }
            found.sort { $0.name.lexicographicallyPrecedes($1.name) }
            for isOpen in [{ _ in false }, { $0 % 3 == 0 }] as [(Int64) -> Bool] {
                for some in [found, [], Array(found.prefix(1))] {
                    let comparison = try writer.reader.compare(
                        directory, with: some, name: \.name, identity: \.identity, isOpen: isOpen)
                    #expect(try comparison == plain(directory, some, writer.reader, isOpen: isOpen))
                }
            }
        }
    }
}
