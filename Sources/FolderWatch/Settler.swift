import Platform
import SystemPackage

/// Holds each file back until it has been left alone for a while.
///
/// A settler reads no clock, looks at no file and starts no timer: every call is told the time and what was found.
package struct Settler {
    package typealias Instant = ContinuousClock.Instant

    /// Who may still be writing a file, and so how long it must be left alone.
    package enum Writer: Sendable, Hashable {
        /// Nobody: the file was closed by its writer, or came here complete.
        case gone
        /// Somebody has just made the file and may have it open. The closing is told, but not under this name if the file
        /// had none or another when it was opened: so from time to time somebody has to ask.
        case present
        /// Nobody will tell: the file system sends no events.
        case unseen
    }

    private struct Held {
        var writer: Writer
        /// The file that the writer has to do with, if it was looked at.
        var inode: UInt64?
        var due: Instant
        /// When to ask whether its writer is still there, and how long after its last event or the last question that is.
        var question: (at: Instant, wait: Duration)?
        /// Size and time of the last look, if nothing was heard of the file since.
        var found: (size: Int64, modified: Int64)?
        /// Whether somebody had it open for writing whose closing may have been missed.
        var isDoubted = false
        /// When something is to be done about it.
        var next: Instant { question.map { min($0.at, due) } ?? due }
    }

    /// How long a closed file must be left alone.
    package var settle: Duration
    private var held: [FilePath: Held] = [:]
    /// No file is due before.
    private var earliest: Instant?
    /// What was held under the name that the last file moved to.
    private var displaced: (file: FilePath, held: Held)?

    package init(settle: Duration) { self.settle = settle }

    /// How long a file must be left alone: after 30 s a writer has been forgotten by its user, or its closing missed.
    package func quiet(_ writer: Writer) -> Duration {
        switch writer {
        case .gone: settle
        case .present: max(settle, .seconds(30))
        case .unseen: max(settle, .seconds(2))
        }
    }

    /// Notes that something happened to a file.
    ///
    /// - Parameters:
    ///   - writer: Who may be writing it; nil if that is as before for the same file, and nobody for another.
    ///   - inode: The file that was found there; nil if nobody looked.
    /// - Returns: Whether nothing was held under the name until now.
    package mutating func touch(_ file: FilePath, _ writer: Writer?, inode: UInt64? = nil, at now: Instant) -> Bool {
        let before = held[file]
        let isAnother = before.map { Self.areTwo($0.inode, inode) } ?? false
        let writer = writer ?? (isAnother ? nil : before?.writer) ?? .gone
        let question = writer == .present ? (at: now + firstWait, wait: firstWait) : nil
        hold(
            file,
            Held(
                writer: writer, inode: inode ?? before?.inode, due: now + quiet(writer), question: question, found: nil)
        )
        return before == nil
    }

    private static func areTwo(_ one: UInt64?, _ other: UInt64?) -> Bool {
        guard let one, let other else { return false }
        return one != other
    }

    /// How long after the last event of a file it is asked for the first time whether its writer is still there.
    private var firstWait: Duration { max(settle, .milliseconds(50)) }

    /// The files of which to ask whether somebody has them open still. Of those that are open, it is asked again after
    /// twice the time.
    package mutating func takeQuestions(at now: Instant) -> [FilePath] {
        guard let next = earliest, next <= now else { return [] }
        let due = held.filter { $0.value.question.map { $0.at <= now } ?? false }.map(\.key)
        for file in due {
            let wait = (held[file]?.question?.wait ?? firstWait) * 2
            held[file]?.question = (now + wait, wait)
        }
        return due
    }

    /// Notes that nobody has a file open any more: it is looked at at once, and settles if it has been left alone for long
    /// enough by its own time.
    package mutating func noteClosed(_ file: FilePath, at now: Instant) {
        guard let entry = held[file], entry.writer == .present else { return }
        hold(file, Held(writer: .gone, inode: entry.inode, due: now, found: nil))
    }

    /// The files that somebody has just made and may have open.
    package var open: [FilePath] { held.filter { $0.value.writer == .present }.map(\.key) }

    /// Notes that the closing of a file may have been missed: we may get no further events from its writer.
    package mutating func doubt(_ file: FilePath, at now: Instant) {
        guard let entry = held[file], entry.writer == .present else { return }
        let due = min(entry.due, now + quiet(.unseen))
        hold(file, Held(writer: .unseen, inode: entry.inode, due: due, found: entry.found, isDoubted: true))
    }

    /// Whether the closing of a file may have been missed, and nothing was seen of its writer since.
    package func isDoubted(_ file: FilePath) -> Bool { held[file]?.isDoubted ?? false }

    /// Notes that the closing of any file may have been missed.
    ///
    /// - Complexity: O(*n*) in the number of files held.
    package mutating func doubtAll(at now: Instant) {
        for file in held.keys { doubt(file, at: now) }
    }

    /// The files that are held back, and who may be writing them.
    package var files: [(file: FilePath, writer: Writer)] { held.map { ($0.key, $0.value.writer) } }

    /// Whether a file is held back.
    package func holds(_ file: FilePath) -> Bool { held[file] != nil }

    /// Whether no file is held back.
    package var isEmpty: Bool { held.isEmpty }

    /// Whether a file that nobody holds has been left alone for long enough, by its own time and the wall clock's, both
    /// in nanoseconds since 1970. One from the future has not: its clock is not ours, and it may be new.
    package func isQuiet(modified: Int64, wallClock: Int64, writer: Writer) -> Bool {
        let age = wallClock.subtractingReportingOverflow(modified)
        return modified <= wallClock && (age.overflow || .nanoseconds(age.partialValue) >= quiet(writer))
    }

    /// The files to be looked at, longest held first. Each must be told to ``look(_:size:modified:wallClock:at:)``, or
    /// forgotten.
    package mutating func takeDue(at now: Instant) -> [FilePath] {
        guard let next = earliest, next <= now else { return [] }
        let due = held.filter { $0.value.due <= now }.sorted { $0.value.due < $1.value.due }.map(\.key)
        earliest = held.values.lazy.map(\.next).filter { $0 > now }.min()
        return due
    }

    /// Tells what a look at a file found.
    ///
    /// - Returns: Whether the file has settled, and is held no more.
    package mutating func look(_ file: FilePath, size: Int64, modified: Int64, wallClock: Int64, at now: Instant)
        -> Bool
    {
        guard var entry = held[file] else { return false }
        let isQuiet = isQuiet(modified: modified, wallClock: wallClock, writer: entry.writer)
        if let found = entry.found, found == (size, modified) {
            held[file] = nil
            return true
        }
        // The first look may trust the file's own time; one that has changed since the last look was being written.
        if entry.found == nil, isQuiet {
            held[file] = nil
            return true
        }
        // Its writer goes on, so it has not closed the file: we will hear of that.
        if entry.isDoubted, entry.found != nil { (entry.writer, entry.isDoubted) = (.present, false) }
        entry.found = (size, modified)
        entry.due = now + quiet(entry.writer)
        hold(file, entry)
        return false
    }

    /// Follows a file to another name.
    ///
    /// An exchange of two names is told as two moves. The second starts from the name that the first has led to, but what
    /// moves is the file that was there before.
    ///
    /// - Parameter inode: The file that has the new name now; nil if there is none.
    package mutating func moveFile(from old: FilePath, to new: FilePath, inode: UInt64?) {
        let earlier = displaced
        displaced = held[new].map { (new, $0) }
        if let inode, let earlier, earlier.file == old, earlier.held.inode == inode {
            hold(new, earlier.held)
        } else if !Self.areTwo(held[old]?.inode, inode) {
            held[new] = held.removeValue(forKey: old)
        }
    }

    /// Follows all files below a directory to another place.
    ///
    /// - Complexity: O(*n*) in the number of files held.
    package mutating func moveDirectory(from old: FilePath, to new: FilePath) {
        for (file, entry) in held {
            guard let moved = file.rebased(from: old, to: new) else { continue }
            held[file] = nil
            held[moved] = entry
        }
    }

    /// Holds a file no more.
    package mutating func forgetFile(_ file: FilePath) { held[file] = nil }

    /// Holds the files below a directory no more.
    ///
    /// - Complexity: O(*n*) in the number of files held.
    package mutating func forgetDirectory(_ directory: FilePath) {
        for file in held.keys where file.lies(in: directory) { held[file] = nil }
    }

    /// The files that are complete as far as is known and only held back, ordered by their bytes. What somebody has open
    /// for writing is not among them: nobody can say when it will be complete.
    package var unsettled: [FilePath] {
        held.filter { $0.value.writer != .present }.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// When the next file may be due; nil if none is held.
    package var deadline: Instant? { held.isEmpty ? nil : earliest }

    private mutating func hold(_ file: FilePath, _ entry: Held) {
        held[file] = entry
        earliest = min(earliest ?? entry.next, entry.next)
    }
}
