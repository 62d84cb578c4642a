import Logging
import Synchronization

/// A log that keeps the names of the events that it is told.
final class CollectingLog: Sendable {
    private let kept = Mutex<[String]>([])

    var events: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: CollectingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard let name = event.metadata?["event"] else { return }
            log.kept.withLock { $0.append("\(name)") }
        }
    }
}
