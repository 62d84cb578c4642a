import ContentHash
import Foundation
import Platform
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

/// A database in a folder of a test's own, removed when the value goes.
final class TemporaryCatalog {
    let folder: FilePath
    let catalog: Catalog

    init() throws {
        folder = try temporaryFolder()
        catalog = try Catalog(opening: folder.appending("library.sqlite"))
    }

    deinit { removeFolder(folder) }
}

func temporaryFolder() throws -> FilePath {
    var template = Array("/tmp/timbred-test.XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
    guard unsafe mkdtemp(&template) != nil else { throw Errno.last }
    return FilePath(platformString: template)
}

func removeFolder(_ folder: FilePath) {
    do {
        try FileManager.default.removeItem(atPath: folder.string)
    } catch {
        Issue.record("\(folder) is left behind: \(error)")
    }
}

/// An identity that differs from that of every other number.
func identity(_ number: Int64) -> FileIdentity {
    FileIdentity(size: number, modified: number * 10, changed: 7, device: .max, inode: UInt64(number))
}

let sound = SoundInfo(
    sampleRate: 48_000, channelCount: 2, frameCount: 96_000, sampleCount: 44_100, format: "WAV, 24 bit PCM",
    isIncomplete: false, note: "header claims 0 bytes of sound, the file holds 576,000")

/// Frames that all differ.
func frames(_ count: Int) -> FeatureFrames {
    func bytes(_ stride: Int, _ seed: UInt8) -> [UInt8] {
        (0..<count * stride).map { seed &+ UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }
    return FeatureFrames(cepstra: bytes(FeatureFrames.cepstrumStride, 1), bands: bytes(FeatureFrames.bandStride, 2))
}

extension CatalogWriter {
    /// Adds a file by its path.
    @discardableResult
    func add(_ path: FilePath, _ number: Int64 = 1) throws -> FileRecord {
        try addFile(
            path.nameBytes, in: directory(path.removingLastComponent()), identity: identity(number), at: Double(number))
    }

    /// Adds a content of one frame, named by a text.
    func add(content name: String) throws -> Int64 {
        try addContent(
            ContentHash(of: Array(name.utf8)), size: Int64(name.utf8.count), sound: sound, features: frames(1),
            soundingCount: 1, path: Array("/\(name)".utf8), at: 3
        ).id
    }
}
