import CommandOutput
import Favourites
import Platform
import SystemPackage
import TimbreWire

/// Results as a playlist: extended M3U. Members of archives are no part of it: no player opens them.
package struct Playlist {
    var results: [SimilarResult]
    /// Whether rows are places, and not files.
    var segments: Bool

    /// Prints it, and says on standard error what is left out.
    ///
    /// - Parameter what: The verb.
    func show(what: String) throws {
        let playable = results.filter { ArchivePlace(on: FilePath(bytes: $0.path.bytes)) == nil }
        try Output.write(Playlist(results: playable, segments: segments).bytes)
        if let remark = Self.remark(onMembers: results.count - playable.count, areLeftOut: true) {
            Output.error("timbrectl: \(what): \(remark)")
        }
    }

    /// What is said of sounds that players cannot open; nil if there are none.
    ///
    /// - Parameters:
    ///   - count: How many sounds lie in archives.
    ///   - areLeftOut: Whether the playlist lacks them; players pass over them otherwise.
    package static func remark(onMembers count: Int, areLeftOut: Bool) -> String? {
        guard count > 0 else { return nil }
        let (lies, them, are) = count == 1 ? ("lies in an archive", "it", "is") : ("lie in archives", "them", "are")
        return "\(Shown.count(count, "sound")) \(lies), where players cannot open \(them)"
            + "\(areLeftOut ? ", and \(are) left out" : ""); `timbrectl copy` unpacks \(them)"
    }

    /// Of each file the seconds and the name, then the path, or a URL if the path would take two lines.
    ///
    /// A place in a recording comes with the options by which VLC plays it alone; they are comments to other players, which
    /// play the recording.
    var bytes: [UInt8] {
        var bytes = Array("#EXTM3U\n".utf8)
        for result in results {
            let isPlace = segments || result.inside
            let seconds = isPlace ? result.end - result.start : result.duration
            bytes += Array("#EXTINF:\(Shown.number(seconds.rounded(.up), digits: 0)),".utf8)
            bytes += Array(Shown.path(result.path.name).utf8)
            if isPlace {
                bytes += Array(" @ \(SoundTime.text(result.start, digits: 1))\n".utf8)
                for (option, time) in [("start", result.start), ("stop", result.end)] {
                    bytes += Array("#EXTVLCOPT:\(option)-time=\(Shown.number(time, digits: 3))".utf8)
                    bytes.append(UInt8(ascii: "\n"))
                }
            } else {
                bytes.append(UInt8(ascii: "\n"))
            }
            bytes += result.path.playlistLine + [UInt8(ascii: "\n")]
        }
        return bytes
    }
}

extension WirePath {
    /// The path as a line of a playlist.
    package var playlistLine: [UInt8] { FilePath(bytes: bytes).playlistLine }

    /// The path as a URL.
    var fileURL: String { FilePath(bytes: bytes).fileURL }
}
