import CPostgres

/// Where a shard is: what libpq needs to connect to it.
///
/// Passwords belong into the password file that libpq reads; see "The Password File" in PostgreSQL's documentation.
@safe package struct ShardAddress: Hashable, Sendable {
    /// Its place in the cluster, from 1.
    package let number: Int
    /// `host=… dbname=…` or a URI; see "Connection Strings" in PostgreSQL's documentation.
    let text: String
    /// Host and database, for people.
    package let name: String

    /// - Throws: ``ShardAddressError`` if libpq does not understand the text.
    package init(number: Int, _ text: String) throws(ShardAddressError) {
        self.number = number
        self.text = text
        name = try Self.name(of: text)
    }

    /// What went wrong at the shard, with its number and name in front.
    package func naming(_ error: ShardError) -> ShardError {
        ShardError(error.reason, "shard \(number), \(name): \(error.words)")
    }

    private static func name(of text: String) throws(ShardAddressError) -> String {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &message) else {
            defer { unsafe PQfreemem(message) }
            let words = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
            throw ShardAddressError(problem: words.firstLine)
        }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var place = unsafe options
        while let keyword = unsafe place.pointee.keyword {
            if let value = unsafe place.pointee.val {
                unsafe values[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe place += 1
        }
        let host = values["host"] ?? values["hostaddr"] ?? "this machine"
        return [host, values["port"].map { ":\($0)" } ?? "", values["dbname"].map { "/\($0)" } ?? ""].joined()
    }
}

/// A text that is no address.
package struct ShardAddressError: Error, Hashable, CustomStringConvertible {
    package var problem: String

    package var description: String { problem }
}

extension String {
    /// What libpq says first; the rest are hints and repetitions.
    var firstLine: String { split(separator: "\n").first.map(String.init) ?? self }
}
