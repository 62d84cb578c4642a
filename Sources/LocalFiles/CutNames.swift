import Platform
import SystemPackage
import TimbreWire

/// Names for what is cut out: the recording's own and the time, `tape 3 0h14m07.2s.wav`.
package struct CutNames {
    private var taken: Set<FilePath.Component> = []

    package init() {}

    /// Bytes in a name at the most, on nearly every file system.
    private static let longest = 255

    /// A name that was not given before.
    package mutating func name(for place: CutPlace) -> FilePath.Component {
        let file = FilePath(bytes: place.recording.bytes).lastComponent ?? "sound"
        for copy in 1... {
            let end = " \(Self.time(place.part.start))\(copy > 1 ? " (\(copy))" : "").wav"
            let stem = Self.stem(of: file, most: Self.longest - end.utf8.count)
            let path = FilePath(bytes: stem + Array(end.utf8))
            if let name = path.lastComponent, taken.insert(name).inserted { return name }
        }
        preconditionFailure("some number is free")
    }

    /// A name without its extension, cut before a letter if it is too long.
    private static func stem(of file: FilePath.Component, most: Int) -> [UInt8] {
        let name = FilePath(root: nil, [file]).bytes
        let dot = file.extension == nil ? nil : name.lastIndex(of: UInt8(ascii: "."))
        var end = dot ?? name.count
        guard end > most else { return Array(name[..<end]) }
        end = most
        // A letter has up to four bytes, of which all but the first look like this.
        while end > most - 3, name[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(name[..<end])
    }

    /// A moment as a part of a name: no colon, which some systems do not have in names.
    static func time(_ seconds: Double) -> String {
        let tenths = Int((max(seconds, 0) * 10).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(tenths / 36_000)h\(two(tenths / 600 % 60))m\(two(tenths / 10 % 60)).\(tenths % 10)s"
    }
}
