import Logging
import Synchronization
import Testing

@testable import TimbreCluster

struct PublicationBoardTests {
    /// A journal that keeps what it is told.
    private final class Journal: Sendable {
        let lines = Mutex<[String]>([])

        struct Handler: LogHandler {
            let journal: Journal
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.info

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) { journal.lines.withLock { $0.append("\(event.message)") } }
        }
    }

    @Test func shardsThatHearOfAChangeOneByOneTellTheJournalOnce() {
        let journal = Journal()
        let board = PublicationBoard(
            shards: [1, 2], logger: Logger(label: "test") { _ in Journal.Handler(journal: journal) }
        ) { _ in }
        for count in [2, 3, 2, 3] { board.counted(count) }
        let lines = journal.lines.withLock { $0 }
        #expect(lines.count == 1 && lines.first?.hasPrefix("there are to be 3 shards") == true)
        board.counted(4)
        #expect(journal.lines.withLock(\.count) == 2)
    }
}
