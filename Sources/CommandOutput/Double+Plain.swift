extension Double {
    /// Reads a number as people write it: digits, with a point or an exponent.
    ///
    /// - Returns: Nil for all else that the standard library reads, such as `inf`, `nan` and `0x1p3`, and for what is too
    ///   large to be told from infinity.
    package init?(plain text: some StringProtocol) {
        guard text.utf8.allSatisfy({ Self.plainCharacters.contains($0) }), let number = Double(text), number.isFinite
        else { return nil }
        self = number
    }

    private static let plainCharacters = Set("0123456789.eE+-".utf8)
}
