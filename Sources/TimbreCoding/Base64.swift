import FoundationEssentials

/// Bytes as text: the standard alphabet of RFC 4648, section 4, with padding.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Reads what ``encode(_:)`` writes; nil for any other text, so that bytes have one text only.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), text.utf8.count == (data.count + 2) / 3 * 4 else {
            return nil
        }
        // Foundation minds neither padding that is too long nor bits behind the last byte that are set.
        let rest = data.count % 3
        guard rest == 0 || data.suffix(rest).base64EncodedString() == text.suffix(4) else { return nil }
        return Array(data)
    }
}
