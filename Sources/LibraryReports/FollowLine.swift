import CommandOutput
import Glibc
import TimbreWire

/// An event as people read it: when, what, and which file.
struct FollowLine {
    var event: Follow.Reply
    /// Whether only sounds are told that are like others: then they come with distance and score.
    var isSearch = false

    /// The line, without its end; nil if there is nothing that a person would want to know.
    var text: String? {
        guard let (word, what) = words else { return nil }
        return "\(Self.clock(event.time))  \(word.padded(to: 8))  \(what)"
    }

    private var words: (String, String)? {
        let path = event.file.map { Shown.path($0.path) } ?? event.path.map(Shown.path) ?? ""
        let reason = event.reason.map(Shown.escaped) ?? ""
        switch event.event {
        case .ready: return nil
        case .listed: return (event.file?.state.rawValue ?? "", path)
        case .indexed, .changed:
            guard isSearch, let distance = event.distance, let score = event.score else {
                let length = event.file?.duration.map { "  (\(Shown.duration($0)))" } ?? ""
                return (event.event.rawValue, path + length)
            }
            return (
                "similar", "\(Shown.number(distance, digits: 3))  \(Shown.number(score, digits: 3))  \(path)"
            )
        case .found, .retried, .removed, .offline, .back: return (event.event.rawValue, path)
        case .failed, .skipped:
            return (event.event.rawValue, path + (event.file?.error.map { ": \(Shown.escaped($0))" } ?? ""))
        case .renamed, .directoryRenamed:
            return ("renamed", "\(event.before.map(Shown.path) ?? "") → \(path)")
        case .folderOnline: return ("watched", "\(path): \(reason)")
        case .folderOffline: return ("offline", "\(path): \(reason)")
        case .folderRemoved: return ("removed", "\(path): it is not watched any more")
        case .model: return ("model", "\(event.model.map(Shown.hash) ?? "") is in use")
        case .caughtUp: return ("done", "all that was found is searchable")
        case .paused: return ("paused", "`timbrectl resume` goes on")
        case .resumed: return ("resumed", "new files are read again")
        case .stuck: return ("stuck", "nothing can be stored: \(reason)")
        case .unstuck: return ("goes on", "what could not be stored is stored now")
        case .lost: return ("lost", Self.lost(event))
        case .stopping: return ("stopping", "the daemon stops")
        }
    }

    /// What a loss means.
    static func lost(_ event: Follow.Reply) -> String {
        let events = event.missed.map { $0 == 1 ? "an event is" : "\($0) events are" } ?? "some events may be"
        return "\(events) missing; `timbrectl list` says how things are"
    }

    /// The time of day, by the local clock.
    static func clock(_ seconds: Double) -> String { String(Shown.time(seconds).suffix(8)) }
}

extension String {
    fileprivate func padded(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
