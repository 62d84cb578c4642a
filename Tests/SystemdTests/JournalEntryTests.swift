import CLinux
import Glibc
import Logging
import SystemPackage
import Testing

@testable import Systemd

struct JournalEntryTests {
    @Test func metadataBecomesFields() {
        let entry = JournalEntry(
            level: .warning, message: "a file failed",
            metadata: ["path": "/a b", "event": "file-failed", "message_id": "0123", "Exit-code": "7"])
        #expect(
            entry.fields.map { String(decoding: $0, as: UTF8.self) } == [
                "MESSAGE=a file failed", "PRIORITY=4", "SYSLOG_IDENTIFIER=timbred", "TIMBRED_EXIT_CODE=7",
                "TIMBRED_EVENT=file-failed", "MESSAGE_ID=0123", "TIMBRED_PATH=/a b",
            ])
    }

    @Test func aPathIsKeptByteForByte() {
        let path = FilePath(platformString: [0x2F, -128, 0x0A, 0x78, 0])
        let entry = JournalEntry(level: .info, message: "", metadata: ["path": .stringConvertible(path)])
        #expect(entry.fields.last == Array("TIMBRED_PATH=/".utf8) + [0x80, 0x0A, 0x78])
    }

    @Test func aFieldNameHasAtMost64Letters() {
        let entry = JournalEntry(level: .info, message: "", metadata: [String(repeating: "é", count: 80): "x"])
        #expect(entry.fields.last?.count == 66)
    }

    static let priorities: [(Logger.Level, Int)] = [
        (.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ]

    @Test("Levels are those of syslog", arguments: priorities)
    func priority(level: Logger.Level, number: Int) {
        let entry = JournalEntry(level: level, message: "", metadata: [:])
        #expect(entry.fields.contains(Array("PRIORITY=\(number)".utf8)))
    }

    @Test func aLineForPeopleStaysOneLine() {
        let path = FilePath(platformString: [0x2F, -128, 0x0A, 0x78, 0])
        let line = JournalLogHandler.line(
            of: "timbre-cluster", message: "failed\nbadly",
            metadata: ["path": .stringConvertible(path), "message_id": "1", "error": "café"])
        #expect(line == "timbre-cluster: failed\\x0abadly (error=café path=/\\x80\\x0ax)\n")
    }

    @Test func theJournalStreamIsReadStrictly() {
        #expect(JournalStream("8:123456")?.inode == 123_456)
        for text in ["", "8", "8:", ":1", "8:1:2", "a:1"] { #expect(JournalStream(text) == nil, "\(text)") }
    }

    @Test func standardErrorIsTheJournalOnlyIfItIsThatVeryStream() throws {
        var status = stat()
        #expect(unsafe fstat(STDERR_FILENO, &status) == 0)
        #expect(try #require(JournalStream("\(status.st_dev):\(status.st_ino)")).isStandardError)
        #expect(try !#require(JournalStream("\(status.st_dev):\(status.st_ino + 1)")).isStandardError)
    }
}
