import SystemPackage

/// Where file systems are mounted, as `/proc/self/mountinfo` lists them.
package struct MountTable: Sendable, Hashable {
    /// The number of the topmost mount at each mount point.
    package private(set) var mounts: [FilePath: Int] = [:]

    /// The numbers of all mounts, those that others are mounted over included.
    package private(set) var numbers: Set<Int> = []

    package init() {}

    /// Reads lines of the form `36 35 98:0 /root /mount/point options … - type source options`.
    ///
    /// White space and backslashes in paths are written as `\` and three octal digits. Source: `proc(5)`.
    package init(parsing text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 4, let number = Int(String(decoding: fields[0], as: UTF8.self)) else { continue }
            numbers.insert(number)
            mounts[FilePath(bytes: Self.unescaped(fields[4]))] = number
        }
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
