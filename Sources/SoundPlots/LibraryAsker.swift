import TimbreWire

/// Whoever asks the daemon for what is to be drawn.
package protocol LibraryAsker {
    /// Calls a method that replies once, and throws what it throws.
    func ask<Method: LibraryMethod>(_: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply
}
