import ArgumentParser
import Glibc
import Platform
import TimbreWire

/// Which file of a group of duplicates is kept.
enum KeepRule: Hashable {
    case largest
    /// The one that was changed last the longest ago.
    case oldest
    case newest
    /// All whose path or, if the pattern has no slash, whose name matches.
    case path(glob: [UInt8])

    /// Which of some copies are kept; none if the rule is about none of them. Of equal ones the first is.
    func choose(from copies: [CopyOnDisk]) -> [CopyOnDisk] {
        switch self {
        case .largest: copies.best { $0.size > $1.size }
        case .oldest: copies.best { $0.modified < $1.modified }
        case .newest: copies.best { $0.modified > $1.modified }
        case .path(let glob): copies.filter { $0.names.contains { Self.matches(glob, $0.file.path) } }
        }
    }

    private static func matches(_ glob: [UInt8], _ path: WirePath) -> Bool {
        let slash = UInt8(ascii: "/")
        let text = glob.contains(slash) ? path.bytes[...] : path.bytes.suffix(while: { $0 != slash })
        return unsafe fnmatch(glob.map(CChar.init(bitPattern:)) + [0], text.map(CChar.init(bitPattern:)) + [0], 0) == 0
    }
}

extension KeepRule {
    /// Reads the value of an option.
    static func argument(_ text: String) throws -> KeepRule {
        guard let rule = KeepRule(argument: text) else {
            throw ValidationError("'\(text)' is none of largest, oldest, newest and path=GLOB.")
        }
        return rule
    }

    init?(argument: String) {
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

extension [CopyOnDisk] {
    /// The first one that no other is better than.
    fileprivate func best(_ isBetter: (CopyOnDisk, CopyOnDisk) -> Bool) -> [CopyOnDisk] {
        // Of equal ones `min` takes the first.
        self.min(by: isBetter).map { [$0] } ?? []
    }
}

extension [UInt8] {
    /// What is behind the last element that does not fit.
    fileprivate func suffix(while fits: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !fits($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
