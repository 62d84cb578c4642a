import TimbreWire
import Varlink

/// What stands behind the page's address, so that a query is a link.
package enum PageAddress {
    private struct Search: Encodable {
        var find: String
    }

    /// The part of an address that looks for words.
    package static func search(_ words: String) -> String {
        do { return "?q=" + Base64(try JSON.encode(Search(find: words))).urlText } catch { return "" }
    }
}
