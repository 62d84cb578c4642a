import ContentHash
import Platform
import SoundFeatures
import TimbreExtraction
import TimbreStore

/// What keeps copies of a new sound from being decoded each: files of a size of which nothing is known go to the workers
/// one at a time, until it is known what the first one holds.
///
/// Files of one size are mostly copies, or of a kit whose sounds are of equal length: those go out together as soon as
/// the first is answered for.
struct NewSizes {
    /// The file of a size that is with a worker, and those that wait for what comes of it.
    private var leaders: [Int64: (file: Int64, followers: [Int64])] = [:]
    /// What workers have found lately, by size: the catalog may not have it yet, or not have had it when it was asked.
    private var recent: [Int64: [ContentHash]] = [:]
    private var order: [(size: Int64, content: ContentHash)] = []

    /// What is found while a file waits to be handed out is within so many findings.
    private static let mostRecent = 2048

    /// The contents of a size that were found lately.
    func contents(ofSize size: Int64) -> [ContentHash] { recent[size] ?? [] }

    /// Notes a content that was found.
    mutating func found(_ content: ContentHash, size: Int64) {
        if recent[size]?.contains(content) ?? false { return }
        recent[size, default: []].append(content)
        order.append((size, content))
        guard order.count > 2 * Self.mostRecent else { return }
        order.removeFirst(Self.mostRecent)
        recent = order.reduce(into: [:]) { $0[$1.size, default: []].append($1.content) }
    }

    /// Whether a file of a size of which nothing is known may go to a worker now; if not, it comes with the followers of
    /// the one that is there.
    mutating func mayGo(_ file: Int64, size: Int64) -> Bool {
        guard let leader = leaders[size] else {
            leaders[size] = (file, [])
            return true
        }
        if leader.file == file { return true }
        leaders[size]?.followers.append(file)
        return false
    }

    /// Notes that a file is not with a worker any more.
    ///
    /// - Returns: The files that have waited for it, in the order in which they came.
    mutating func finished(_ file: Int64, size: Int64) -> [Int64] {
        guard leaders[size]?.file == file else { return [] }
        return leaders.removeValue(forKey: size)?.followers ?? []
    }
}

/// Decides what a worker is asked about a file: what it sounds like, or first whether its content is known.
struct Questions {
    /// What a worker is asked.
    struct Question {
        var work: ExtractionRequest.Work
        /// The contents that the file may turn out to hold: then it is not decoded.
        var known: [ContentHash]
    }

    private let catalog: Catalog
    private var newSizes = NewSizes()

    init(catalog: Catalog) { self.catalog = catalog }

    /// What is asked about a file.
    ///
    /// - Parameters:
    ///   - size: That of the open file, in bytes: when the file was first seen, it may have been in the middle of being
    ///     copied.
    ///   - leads: Whether others of its size may wait for what comes of it, if nothing is known of that size.
    /// - Returns: Nil if the file itself waits for what comes of another.
    mutating func question(about handout: Handout, size: Int64, leads: Bool) -> Question? {
        if handout.mustDecode { return Question(work: .features, known: []) }
        let known = known(of: handout, size: size)
        // Of so many the hash alone is asked for, and the catalog then looked into.
        if known.count > ExtractionRequest.mostKnown { return Question(work: .hash, known: []) }
        if known.isEmpty, leads, !newSizes.mayGo(handout.file, size: size) { return nil }
        return Question(work: .features, known: known)
    }

    /// Notes what a worker has answered about a file of a size.
    mutating func answered(_ result: WorkerOutcome.Result, size: Int64) {
        switch result {
        case .extracted(let extraction): newSizes.found(extraction.content, size: Int64(extraction.size))
        case .failed(_, let content?): newSizes.found(content, size: size)
        default: break
        }
    }

    /// Notes that a file is not with a worker any more.
    ///
    /// - Returns: The files that have waited for it, in the order in which they came.
    mutating func finished(_ file: Int64, size: Int64) -> [Int64] { newSizes.finished(file, size: size) }

    private func known(of handout: Handout, size: Int64) -> [ContentHash] {
        var known = handout.known
        do {
            if size != handout.size {
                known = try catalog.read { try $0.contents(ofSize: size, limit: Attempts.askedFor) }
            }
        } catch {
            // Then it is decoded, be it known or not: that does no harm, and whether the disk is in trouble shows in turns.
            known = []
        }
        return known + newSizes.contents(ofSize: size).filter { !known.contains($0) }
    }
}
