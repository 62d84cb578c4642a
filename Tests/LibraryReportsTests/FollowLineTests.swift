import Testing
import TimbreWire
import Varlink

@testable import LibraryReports

struct FollowLineTests {
    private func line(
        _ event: FollowEvent, isSearch: Bool = false, _ change: (inout Follow.Reply) -> Void = { _ in }
    ) -> String? {
        var reply = Follow.Reply(event, number: 7, time: 1.5)
        change(&reply)
        // The clock is the place's own.
        return FollowLine(event: reply, isSearch: isSearch).text.map { String($0.dropFirst(10)) }
    }

    private let file = FileItem(
        path: WirePath("/s/a\u{1B}\n.wav".utf8), id: 3, state: .indexed, duration: 0.42, error: "it breaks\noff")

    @Test func whatHappensToFiles() {
        #expect(line(.indexed) { $0.file = file } == #"indexed   /s/a\x1b\n.wav  (0.42 s)"#)
        #expect(line(.failed) { $0.file = file } == #"failed    /s/a\x1b\n.wav: it breaks\noff"#)
        #expect(
            line(.renamed) { ($0.file, $0.before) = (file, WirePath("/s/b".utf8)) }
                == #"renamed   /s/b → /s/a\x1b\n.wav"#)
        #expect(
            line(.indexed, isSearch: true) { ($0.file, $0.distance, $0.score) = (file, 0.5, 0.875) }
                == #"similar   0.500  0.875  /s/a\x1b\n.wav"#)
    }

    @Test func whatIsLost() {
        #expect(line(.lost) == "lost      some events may be missing; `timbrectl list` says how things are")
        #expect(
            line(.lost) { $0.missed = 12 }
                == "lost      12 events are missing; `timbrectl list` says how things are")
        #expect(line(.ready) == nil)
    }

    @Test("Has words for everything", arguments: FollowEvent.allCases)
    func words(event: FollowEvent) {
        let line = line(event) { ($0.path, $0.reason, $0.model) = (WirePath("/s".utf8), "because", "sha256:00") }
        #expect(event == .ready || line?.isEmpty == false)
        #expect(line?.contains("\n") != true)
    }

    @Test func onlyWhatBecameSearchableIsAPath() {
        var reply = Follow.Reply(.indexed, number: 7, time: 1)
        reply.file = file
        #expect(FollowOutput.path(of: reply) == file.path)
        reply.event = .removed
        #expect(FollowOutput.path(of: reply) == nil)
    }
}
