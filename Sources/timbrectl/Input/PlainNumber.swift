import ArgumentParser
import TimbreWire

extension Double {
    /// Reads a number as people write it: digits, with a point or an exponent.
    ///
    /// - Returns: Nil for all else that the standard library reads, such as `inf`, `nan` and `0x1p3`, and for what is too
    ///   large to be told from infinity.
    init?(plain text: some StringProtocol) {
        guard text.utf8.allSatisfy({ Self.plainCharacters.contains($0) }), let number = Double(text), number.isFinite
        else { return nil }
        self = number
    }

    private static let plainCharacters = Set("0123456789.eE+-".utf8)

    /// Reads the value of an option.
    static func argument(_ text: String) throws -> Double {
        guard let number = Double(plain: text) else { throw ValidationError("'\(text)' is not a number.") }
        return number
    }
}

extension ParsableCommand {
    /// Makes sure that a number of results or searches, if it is given, is one that the daemon takes.
    static func check(count: Int?, of option: String) throws(ValidationError) {
        let counts = ParameterLimits.counts
        guard let count, !counts.contains(count) else { return }
        throw ValidationError("\(option) must lie between \(counts.lowerBound) and \(counts.upperBound).")
    }
}
