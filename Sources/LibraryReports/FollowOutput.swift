import CommandOutput
import Synchronization
import TimbreWire
import Varlink

/// Prints what happens, a line for each event.
package final class FollowOutput: Sendable {
    package enum Format: Sendable {
        case text
        /// JSON objects.
        case lines
        /// Paths of what became searchable, each ended by a NUL byte.
        case paths
    }

    private let format: Format
    /// Whether only sounds are told that are like others.
    private let isSearch: Bool
    /// Held while a line is written.
    private let writing = Mutex(())

    package init(format: Format, isSearch: Bool) {
        self.format = format
        self.isSearch = isSearch
    }

    package func show(_ event: Follow.Reply) throws {
        let bytes: [UInt8] =
            switch format {
            case .lines: try JSON.encode(event) + [UInt8(ascii: "\n")]
            case .paths: Self.path(of: event).map { $0.bytes + [0] } ?? []
            case .text: FollowLine(event: event, isSearch: isSearch).text.map { Array(($0 + "\n").utf8) } ?? []
            }
        if !bytes.isEmpty { try writing.withLock { _ in try Output.write(bytes) } }
        // Who reads paths alone is told on the other channel.
        if format == .paths, event.event == .lost { Output.error("timbrectl: follow: \(FollowLine.lost(event))") }
    }

    /// Runs what ends the program between two lines.
    package func end(_ body: () -> Void) { writing.withLock { _ in body() } }

    /// The path of a file that became searchable.
    static func path(of event: Follow.Reply) -> WirePath? {
        [.indexed, .changed, .listed].contains(event.event) && event.file?.state == .indexed ? event.file?.path : nil
    }
}
