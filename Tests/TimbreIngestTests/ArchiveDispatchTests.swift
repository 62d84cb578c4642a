import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TestArchives
import TestFiles
import Testing
import TimbreExtraction
import TimbreStore

@testable import TimbreIngest

/// Archives handed to the real program.
@Suite(.timeLimit(.minutes(10)))
struct ArchiveDispatchTests {
    /// What is told of an archive that is to be decoded, up to the end.
    ///
    /// - Parameter listed: As what it was gone through, if not as what it is.
    private func told(of bytes: [UInt8], listed: FileIdentity?) throws -> [Finding] {
        let test = try TestLibrary()
        let path = try test.write("", to: "pack.zip")
        let file = try FileDescriptor.open(path, .writeOnly)
        try file.closeAfter { _ = try file.writeAll(bytes) }
        try Disk.setTime(path, secondsFromNow: -3600)
        let settings = RunningIngest.settings
        var dispatcher = Dispatcher(catalog: test.catalog, extractor: BuiltPrograms.extractor, settings: settings) {
            _ in
        }
        var waiting = WaitingFiles()
        waiting.add(1, isUrgent: true)
        #expect(waiting.noteNext() == 1)
        var item = WorkItem(file: 1, path: path, lastRead: nil, mustDecode: true)
        item.archive = .decode([0])
        item.listed = listed ?? FileIdentity(of: path)
        dispatcher.add([item])
        dispatcher.handOut(&waiting, in: [test.root], at: .now)
        var findings: [Finding] = []
        let deadline = ContinuousClock.now + .seconds(60)
        while !(findings.last?.endsReading ?? false), .now < deadline {
            var entries = dispatcher.sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = unsafe poll(&entries, nfds_t(entries.count), 1000)
            dispatcher.receive(from: entries.filter { $0.revents != 0 }.map(\.fd), &waiting, at: .now)
            findings += dispatcher.takeFindings()
        }
        return findings
    }

    private func made() throws -> [UInt8] { try MadeArchive(.zip, [.file("a.wav", Array("no sound".utf8))]).bytes }

    @Test func theMembersThatAreWantedAreDecoded() throws {
        let findings = try told(of: try made(), listed: nil)
        #expect(findings.map(\.member) == [0, nil])
        guard case .answer(.failed(let failure, _))? = findings.first?.result,
            case .answer(.archiveEnded(nil, isListing: false))? = findings.last?.result
        else {
            Issue.record("\(findings)")
            return
        }
        #expect(failure.reason == .unknownFormat)
    }

    @Test func anArchiveThatIsAnotherByNowIsGoneThroughAnew() throws {
        let earlier = FileIdentity(size: 1, modified: 2, changed: 3, device: 4, inode: 5)
        let findings = try told(of: try made(), listed: earlier)
        guard case .answer(.members(let members, isFirst: true))? = findings.first?.result,
            case .answer(.archiveEnded(nil, isListing: true))? = findings.last?.result
        else {
            Issue.record("\(findings)")
            return
        }
        #expect(members.map(\.path) == [Array("a.wav".utf8)])
    }

    @Test func anArchiveWithoutSoundsIsToldOfAsWell() throws {
        let earlier = FileIdentity(size: 1, modified: 2, changed: 3, device: 4, inode: 5)
        let findings = try told(of: try MadeArchive(.zip, [.file("a.txt", [1])]).bytes, listed: earlier)
        guard findings.count == 2, case .answer(.members(let members, isFirst: true)) = findings[0].result else {
            Issue.record("\(findings)")
            return
        }
        #expect(members.isEmpty && findings[1].endsReading)
    }
}
