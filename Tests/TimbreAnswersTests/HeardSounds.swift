import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestIngest
import TestModels
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

extension StoredLibrary {
    func name(_ path: WirePath) -> String { name(of: path.bytes) }

    func sound(_ name: String) throws -> HeardSound {
        let record = try #require(try file(name))
        let indexed = try #require(index.file(record.id))
        return try catalog.read {
            try HeardSound(record, indexed, path: WirePath(path(name).bytes), library.snapshot.generation, $0)
        }
    }

    /// What a client has heard of a sound that lies elsewhere.
    func outside(_ sound: String, bands: (FeatureFrames) -> [UInt8]? = { $0.bands }) throws -> HeardSound {
        let axes = sound.split(separator: " ").map { Int($0) }
        let frames = features(axes)
        let heard = QueryFeatures(
            sampleCount: axes.count * 512, duration: 1, cepstra: Base64(frames.cepstra),
            bands: bands(frames).map { Base64($0) })
        return HeardSound(heard, path: nil, library.snapshot.generation)
    }

    func explain(_ a: HeardSound, _ b: HeardSound, in snapshot: LibrarySnapshot? = nil) throws -> Explain.Reply {
        try catalog.read { try Explanation(snapshot: snapshot ?? measured, a: a, b: b).reply($0) }
    }
}
