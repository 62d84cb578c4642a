import Foundation
import Logging
import TestFiles
import Testing

@testable import Systemd

struct JournalEventTests {
    @Test("An event's id is a random UUID without dashes", arguments: JournalEvent.allCases)
    func isUUID(event: JournalEvent) {
        let digits = Array(event.rawValue)
        #expect(digits.count == 32)
        #expect(digits.allSatisfy { "0123456789abcdef".contains($0) })
        // RFC 9562, section 5.4: version 4, variant 10.
        #expect(digits[12] == "4")
        #expect("89ab".contains(digits[16]))
    }

    @Test func theCatalogExplainsEachEvent() throws {
        let catalog = try String(contentsOf: repository.appending(path: "Systemd/timbred.catalog"), encoding: .utf8)
        let explained = catalog.split(separator: "\n").filter { $0.hasPrefix("-- ") }.map { String($0.dropFirst(3)) }
        #expect(explained.sorted() == JournalEvent.allCases.map(\.rawValue).sorted())
    }

    @Test func whatTheCatalogTellsOfAnEventIsInItsEntries() throws {
        let catalog = try String(contentsOf: repository.appending(path: "Systemd/timbred.catalog"), encoding: .utf8)
        var promised: [String: Set<String>] = [:]
        for section in catalog.split(separator: "\n-- ") {
            let fields = section.matches(of: /@TIMBRED_([A-Z]+)@/).map { $0.output.1.lowercased() }
            promised[String(section.prefix(while: { $0 != "\n" }).suffix(32))] = Set(fields)
        }
        for event in JournalEvent.allCases {
            let fields = try #require(promised[event.rawValue])
            #expect(fields.isSubset(of: event.fields), "\(event)")
        }
    }

    @Test func namesAreReadable() {
        #expect(JournalEvent.folderOffline.name == "folder-offline")
        #expect(JournalEvent.started.metadata["event"] == "started")
    }
}
