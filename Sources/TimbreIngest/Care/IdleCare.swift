import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// What ingest does when there is nothing else to do: what contents of earlier versions lack, or what could not be kept
/// when it came, is found a little at a time. First come events, then figures, then tags.
///
/// It stores nothing itself, but has its owner make a turn of what was found. It is told the time.
final class IdleCare {
    typealias Instant = ContinuousClock.Instant
    /// Makes a turn.
    typealias Transact = (_ body: (Turn) throws -> Void) throws -> Void

    private let catalog: Catalog
    private let library: LiveLibrary
    private let journal: IngestJournal
    private var events = EventCare()
    private var figures = FigureCare()
    private var tags = TagCare()

    init(_ catalog: Catalog, _ library: LiveLibrary, _ journal: IngestJournal) {
        self.catalog = catalog
        self.library = library
        self.journal = journal
    }

    /// When something that failed is to be tried again.
    var next: Instant? { [events.next, figures.next, tags.next].compactMap(\.self).min() }

    /// Whether something can be done.
    ///
    /// - Parameter mayReadTags: Whether workers have time for tags.
    func mayWork(at now: Instant, mayReadTags: Bool) -> Bool {
        events.mayWork(at: now) || figures.mayWork(at: now) || (mayReadTags && tags.mayWork(at: now))
    }

    /// Does a little of what is to be done, some 0.1 s at most.
    ///
    /// - Returns: The files whose tags are to be read by workers; what they find goes to ``store(_:at:_:)``.
    func work(at now: Instant, mayReadTags: Bool, _ transact: Transact) -> [WorkItem] {
        if events.mayWork(at: now) {
            findEvents(at: now, transact)
        } else if figures.mayWork(at: now) {
            findFigures(at: now, transact)
        } else if mayReadTags, tags.mayWork(at: now) {
            do { return try tags.findSome(catalog) } catch { tags.failed(error, at: now) }
        }
        return []
    }

    private func findEvents(at now: Instant, _ transact: Transact) {
        do {
            guard let found = try events.findSome(catalog, library.snapshot.events) else { return }
            if found.isEmpty { return library.noteEvents(areComplete: true) }
            try transact { try $0.setEvents(found) }
            events.succeeded()
        } catch let failure as Errno {
            eventsWereNotKept(failure, at: now)
        } catch {
            // Reported already, and tried again after a while.
            events.failed(error, at: now)
        }
    }

    private func findFigures(at now: Instant, _ transact: Transact) {
        do {
            let found = try figures.findSome(catalog)
            if found.isEmpty { return }
            try transact { try $0.setFigures(found) }
            figures.succeeded()
        } catch {
            // Reported already, and tried again after a while.
            figures.failed(error, at: now)
        }
    }

    /// Stores the tags that workers have read, and has archives read on of which one has died.
    func store(_ news: TagCare.News, at now: Instant, _ transact: Transact) {
        let found = news.found + news.brokenOff.compactMap { tags.brokeOff($0) }
        guard !found.isEmpty else { return }
        do {
            try transact { try $0.setTags(found) }
            tags.succeeded()
        } catch {
            // Reported already, and read again after a while.
            tags.failed(error, at: now)
        }
    }

    /// Notes what turns have left to do.
    func follow(_ effects: TurnEffects, at now: Instant) {
        if effects.lacksEvents {
            events.note()
            library.noteEvents(areComplete: false)
        }
        if effects.hasReturned { tags.filesAreBack() }
        if let failure = effects.eventFailure { eventsWereNotKept(failure, at: now) }
    }

    private func eventsWereNotKept(_ failure: Errno, at now: Instant) {
        if events.failed(failure, at: now) { journal.cannotKeepEvents(failure) }
        library.noteEvents(areComplete: false)
    }
}
