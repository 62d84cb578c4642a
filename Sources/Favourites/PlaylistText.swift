import Platform
import SystemPackage

/// The text of a playlist, M3U: a sound a line, and remarks, which begin with `#`, before the sound that they are about.
///
/// A sound is a path or, because a path may hold line breaks, a URL of the kind `file:`. What other programs have written
/// there stays as it is.
struct PlaylistText {
    /// A sound, with the lines above it that are about it.
    private struct Entry {
        var path: FilePath?
        var lines: [ArraySlice<UInt8>]
    }

    private var entries: [Entry] = []
    /// Lines that are about no sound: those at the beginning, and those behind the last sound.
    private var head: [ArraySlice<UInt8>] = []
    private var tail: [ArraySlice<UInt8>] = []

    /// Reads a text.
    ///
    /// - Parameter folder: Where relative paths begin: the playlist's own folder.
    init(_ bytes: [UInt8], in folder: FilePath) {
        var remarks: [ArraySlice<UInt8>] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            if entries.isEmpty, line.starts(with: Self.header) || line.starts(with: Self.title) {
                head.append(line)
            } else if line.first == UInt8(ascii: "#") || line.allSatisfy({ $0 <= 0x20 }) {
                remarks.append(line)
            } else {
                entries.append(Entry(path: Self.path(of: line, in: folder), lines: remarks + [line]))
                remarks = []
            }
        }
        tail = remarks
    }

    private static let header = Array("#EXTM3U".utf8)
    private static let title = Array("#PLAYLIST:".utf8)

    /// The sounds, in their order; none comes twice.
    var paths: [FilePath] {
        var known: Set<FilePath> = []
        return entries.compactMap(\.path).filter { known.insert($0).inserted }
    }

    /// Adds a sound as the last, unless it is there.
    ///
    /// - Returns: Whether it was added.
    mutating func add(_ path: FilePath) -> Bool {
        guard !entries.contains(where: { $0.path == path }) else { return false }
        entries.append(Entry(path: path, lines: [path.playlistLine[...]]))
        return true
    }

    /// Removes a sound, and what is said about it.
    ///
    /// - Returns: Whether it was there.
    mutating func remove(_ path: FilePath) -> Bool {
        let count = entries.count
        entries.removeAll { $0.path == path }
        return entries.count < count
    }

    var bytes: [UInt8] {
        let lines = (head.isEmpty ? [Self.header[...]] : head) + entries.flatMap(\.lines) + tail
        return lines.flatMap { $0 + [UInt8(ascii: "\n")] }
    }

    private static func path(of line: ArraySlice<UInt8>, in folder: FilePath) -> FilePath? {
        // Windows ends lines with two characters.
        let line = line.last == 0x0D ? line.dropLast() : line
        if line.starts(with: Array("file:".utf8)) { return FilePath(fileURL: String(decoding: line, as: UTF8.self)) }
        let path = FilePath(bytes: Array(line))
        return path.isAbsolute ? path : folder.pushing(path).lexicallyNormalized()
    }
}

extension FilePath {
    /// The path as a line of a playlist: as it is, or, if line breaks are in it, as a URL.
    package var playlistLine: [UInt8] {
        let bytes = bytes
        return bytes.contains { $0 == 0x0A || $0 == 0x0D } ? Array(fileURL.utf8) : bytes
    }
}
