import Foundation
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreStore

@testable import TimbreIngest

struct DispatcherTests {
    private let start = ContinuousClock.now

    private func dispatcher(_ test: TestLibrary) -> Dispatcher {
        Dispatcher(
            catalog: test.catalog, extractor: "/nowhere/timbre-extract", settings: RunningIngest.settings
        ) { _ in }
    }

    /// A file that is noted, and may be handed out.
    private func note(_ path: FilePath, _ waiting: inout WaitingFiles, _ dispatcher: inout Dispatcher) {
        waiting.add(1, isUrgent: true)
        #expect(waiting.noteNext() == 1)
        dispatcher.add([WorkItem(file: 1, path: path, lastRead: FileIdentity(of: path), mustDecode: false)])
    }

    @Test func aStartThatCannotBeMadeIsNoReasonToGoRound() throws {
        let test = try TestLibrary()
        var (dispatcher, waiting) = (dispatcher(test), WaitingFiles())
        waiting.add(1, isUrgent: true)
        #expect(waiting.noteNext() == 1)
        dispatcher.add([
            WorkItem(file: 1, path: try test.write("1", to: "a.wav"), lastRead: nil, mustDecode: true)
        ])
        #expect(dispatcher.nextDue(hasNoted: true, at: start) == nil)
        dispatcher.handOut(&waiting, in: [test.root], at: start)
        #expect(dispatcher.trouble != nil && waiting.hasNoted)
        let next = try #require(dispatcher.nextDue(hasNoted: true, at: start))
        #expect(next > start && next <= start + .milliseconds(100))
        #expect(dispatcher.nextDue(hasNoted: false, at: start) == nil)
        #expect(dispatcher.nextDue(hasNoted: true, at: start + .seconds(60)) == nil)
    }

    @Test func whatHasNotChangedNeedsNoWorker() throws {
        let test = try TestLibrary()
        var (dispatcher, waiting) = (dispatcher(test), WaitingFiles())
        note(try test.write("1", to: "a.wav"), &waiting, &dispatcher)
        dispatcher.handOut(&waiting, in: [test.root], at: start)
        let findings = dispatcher.takeFindings()
        guard findings.map(\.file) == [1], case .unchanged = findings[0].result else {
            Issue.record("\(findings)")
            return
        }
        #expect(dispatcher.takeFindings().isEmpty && dispatcher.trouble == nil)
    }

    @Test func whatIsNotThereIsToldWithoutAWorker() throws {
        let test = try TestLibrary()
        var (dispatcher, waiting) = (dispatcher(test), WaitingFiles())
        note(test.path("gone.wav"), &waiting, &dispatcher)
        dispatcher.handOut(&waiting, in: [test.root], at: start)
        let findings = dispatcher.takeFindings()
        guard findings.count == 1, case .unopened(nil) = findings[0].result else {
            Issue.record("\(findings)")
            return
        }
    }

    @Test func noLinkLeadsOutOfAWatchedFolder() throws {
        let test = try TestLibrary()
        var (dispatcher, waiting) = (dispatcher(test), WaitingFiles())
        try test.folder.makeFolder("elsewhere")
        _ = try test.folder.write("1", to: "elsewhere/a.wav")
        try FileManager.default.createSymbolicLink(
            atPath: test.path("kit").string, withDestinationPath: test.folder.path.appending("elsewhere").string)
        note(test.path("kit/a.wav"), &waiting, &dispatcher)
        dispatcher.handOut(&waiting, in: [test.root], at: start)
        let findings = dispatcher.takeFindings()
        guard findings.count == 1, case .unopened = findings[0].result else {
            Issue.record("\(findings)")
            return
        }
    }
}
