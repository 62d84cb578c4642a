import Glibc
import Platform
import TimbreWire

/// Which file of a group of duplicates is kept.
package enum KeepRule: Hashable {
    case largest
    /// The one that was changed last the longest ago.
    case oldest
    case newest
    /// All whose path or, if the pattern has no slash, whose name matches.
    case path(glob: [UInt8])

    /// Whether it is about all that match, and not about which is best.
    var isPattern: Bool { if case .path = self { true } else { false } }

    /// Whether a copy is one that the rule is about.
    func matches(_ copy: CopyOnDisk) -> Bool {
        guard case .path(let glob) = self else { return true }
        return copy.names.contains { Self.matches(glob, $0.file.path) }
    }

    /// Whether one copy is kept rather than another: of equal ones, the first is.
    func prefers(_ a: CopyOnDisk, at place: Int, to b: CopyOnDisk, at other: Int) -> Bool {
        switch self {
        case .largest: (b.size, place) < (a.size, other)
        case .oldest: (a.modified, place) < (b.modified, other)
        case .newest: (b.modified, place) < (a.modified, other)
        case .path: place < other
        }
    }

    private static func matches(_ glob: [UInt8], _ path: WirePath) -> Bool {
        let slash = UInt8(ascii: "/")
        let text = glob.contains(slash) ? path.bytes[...] : path.bytes.suffix(while: { $0 != slash })
        return unsafe fnmatch(glob.map(CChar.init(bitPattern:)) + [0], text.map(CChar.init(bitPattern:)) + [0], 0) == 0
    }
}

extension KeepRule {
    /// Reads `largest`, `oldest`, `newest` or `path=GLOB`; nil if it is none of them.
    package init?(argument: String) {
        switch argument {
        case "largest": self = .largest
        case "oldest": self = .oldest
        case "newest": self = .newest
        default:
            guard argument.hasPrefix("path="), argument.utf8.count > 5 else { return nil }
            self = .path(glob: Array(CommandArguments.bytes(argument).dropFirst(5)))
        }
    }
}

extension [UInt8] {
    /// What is behind the last element that does not fit.
    fileprivate func suffix(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !fits($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
