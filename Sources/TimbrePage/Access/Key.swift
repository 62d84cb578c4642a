import TimbreWire

/// A secret that a run of the server makes up: whoever has it may ask.
package struct Key: Hashable, Sendable {
    /// In base64 as URLs have it, without padding: letters, digits, `-` and `_`.
    package let text: String

    /// Draws one from what the kernel has of randomness.
    ///
    /// - Parameter bytes: How many; 32 are 256 bits.
    package static func random(bytes: Int = 32) -> Key {
        var source = SystemRandomNumberGenerator()
        return Key(text: Base64((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &source) }).urlText)
    }

    /// Compares in a time that tells nothing of where the difference is.
    package func matches(_ claimed: some StringProtocol) -> Bool {
        let (own, claimed) = (Array(text.utf8), Array(claimed.utf8))
        guard own.count == claimed.count else { return false }
        var difference: UInt8 = 0
        for index in own.indices { difference |= own[index] ^ claimed[index] }
        return difference == 0
    }

    /// Whether a request's `Authorization` has it.
    func admits(_ authorization: String?) -> Bool {
        guard let authorization, authorization.hasPrefix("Bearer ") else { return false }
        return matches(authorization.dropFirst(7))
    }
}

extension Base64 {
    /// The bytes in the alphabet of RFC 4648, section 5, without padding.
    var urlText: String {
        String(
            text.compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
