import TimbreWire

/// Results as a playlist: extended M3U.
struct Playlist {
    var results: [SimilarResult]
    /// Whether rows are places, and not files.
    var segments: Bool

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
            bytes += result.path.onOneLine + [UInt8(ascii: "\n")]
        }
        return bytes
    }
}

extension WirePath {
    /// The last part of the path.
    var name: WirePath { WirePath(bytes.split(separator: UInt8(ascii: "/")).last ?? []) }

    /// The path as it is, or, if line breaks are in it, as a URL.
    fileprivate var onOneLine: [UInt8] {
        bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) ? Array(fileURL.utf8) : bytes
    }

    /// The path as a URL: RFC 8089.
    var fileURL: String {
        let plain = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        let escaped = bytes.flatMap { byte in
            plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "file://" + String(decoding: escaped, as: UTF8.self)
    }
}
