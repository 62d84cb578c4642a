import Platform
import SystemPackage

/// Where file systems are mounted, as `/proc/self/mountinfo` lists them.
package struct MountTable: Sendable, Hashable {
    /// The number of the topmost mount at each mount point.
    package private(set) var mounts: [FilePath: Int] = [:]

    /// Something mounted, as it is seen from any process: the numbers of mounts are others in each namespace.
    package struct Place: Sendable, Hashable {
        package var point: FilePath
        /// The device, as `major:minor`.
        package var device: [UInt8]
    }

    /// What is mounted on top at each mount point.
    private var devices: [FilePath: [UInt8]] = [:]

    /// The mount points of file systems that can stop answering, unless something else is mounted over them.
    private var served: Set<FilePath> = []

    /// The numbers of all mounts, those that others are mounted over included.
    package private(set) var numbers: Set<Int> = []

    package init() {}

    /// Reads lines of the form `36 35 98:0 /root /mount/point options … - type source options`.
    ///
    /// White space and backslashes in paths are written as `\` and three octal digits. Source: `proc(5)`.
    package init(parsing text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 5, let number = Int(String(decoding: fields[0], as: UTF8.self)) else { continue }
            numbers.insert(number)
            let point = FilePath(bytes: Self.unescaped(fields[4]))
            mounts[point] = number
            devices[point] = Array(fields[2])
            if Self.canStopAnswering(fields[5]) { served.insert(point) } else { served.remove(point) }
        }
    }

    /// Whether a line's last fields, `options … - type source options`, name a file system that somebody else serves.
    private static func canStopAnswering(_ fields: ArraySlice<UInt8>) -> Bool {
        let fields = fields.split(separator: UInt8(ascii: " "))
        guard let dash = fields.firstIndex(of: [UInt8(ascii: "-")]), dash + 1 < fields.endIndex else { return false }
        let type = String(decoding: fields[dash + 1], as: UTF8.self)
        return FileSystemType.served.contains(type) || type.hasPrefix("fuse")
    }

    /// The mount point of the file system that a path lies on, going by the names alone: links are not followed, and
    /// nothing is looked at.
    package func point(of path: FilePath) -> FilePath? {
        mounts.keys.filter { path.lies(in: $0) }.max { $0.length < $1.length }
    }

    /// Whether anything is mounted that can stop answering: on most machines nothing is.
    var hasServed: Bool { !served.isEmpty }

    /// The mount point of the file system that a path lies on, if that can stop answering; nil if it cannot.
    package func servedPoint(of path: FilePath) -> FilePath? {
        served.isEmpty ? nil : point(of: path).flatMap { served.contains($0) ? $0 : nil }
    }

    /// Whether such a file system is mounted at a directory.
    func isServedPoint(_ directory: FilePath) -> Bool { served.contains(directory) }

    /// The number of the mount that a path lies on, going by the names alone.
    func number(of path: FilePath) -> Int? { point(of: path).flatMap { mounts[$0] } }

    /// What is mounted at or below a folder, ordered by the bytes of the mount points.
    package func places(below folder: FilePath) -> [Place] {
        devices.filter { $0.key.lies(in: folder) }.map { Place(point: $0.key, device: $0.value) }
            .sorted { $0.point.bytes.lexicographicallyPrecedes($1.point.bytes) }
    }

    /// The mount points in or at one of the folders where something else is mounted than in an earlier table.
    package func changes(since earlier: MountTable, below folders: [FilePath]) -> [FilePath] {
        mounts.filter { point, number in
            earlier.mounts[point] != number && folders.contains { point.lies(in: $0) }
        }.map(\.key)
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
