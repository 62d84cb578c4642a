/// Why a shard did not do what it was asked.
package struct ShardError: Error, Hashable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// There is no connection, or it broke.
        case away
        /// No answer came in time.
        case late
        /// The server refused, with this SQLSTATE.
        case refused(state: String)
        /// The answer makes no sense.
        case nonsense
        /// Somebody else has changed meanwhile what this was about: nothing was done.
        case overtaken
    }

    package var reason: Reason
    /// In words, one line.
    package var words: String

    package init(_ reason: Reason, _ words: String) {
        self.reason = reason
        self.words = words
    }

    package var description: String { words }

    /// Whether the connection can be used no more.
    package var endsConnection: Bool {
        switch reason {
        case .refused, .overtaken: false
        case .away, .late, .nonsense: true
        }
    }

    /// Whether the same may succeed at once, as another host was in the way: a serialization failure, a deadlock, or a row that
    /// went while it was referred to. See "PostgreSQL Error Codes" in PostgreSQL's documentation.
    package var passesByItself: Bool {
        if case .refused(let state) = reason { ["40001", "40P01", "23503"].contains(state) } else { false }
    }
}
