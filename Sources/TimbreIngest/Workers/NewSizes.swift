import ContentHash
import Platform
import SoundFeatures
import TimbreExtraction
import TimbreStore

/// Keeps copies of a new sound from each being decoded: files of a size that no known content has go to the workers one
/// at a time, until the content of the first is known.
///
/// Files of one size are mostly copies, or sounds of equal length from one kit: those go out together as soon as the
/// first has been answered.
struct NewSizes {
    /// The file of a size that is with a worker, and those that wait for its result.
    private var leaders: [Int64: (file: Int64, followers: [Int64])] = [:]
    /// What workers have found lately, by size: the catalog may not have had it yet when it was asked.
    private var recent: [Int64: [ContentHash]] = [:]
    private var order: [(size: Int64, content: ContentHash)] = []

    /// Enough to cover what is found while a file waits to be handed out.
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

    /// Whether a file of an unknown size may go to a worker now; if not, it is returned later among the followers of
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
    /// - Returns: The files that have waited for it, in order of arrival.
    mutating func finished(_ file: Int64, size: Int64) -> [Int64] {
        guard leaders[size]?.file == file else { return [] }
        return leaders.removeValue(forKey: size)?.followers ?? []
    }
}

/// Decides what a worker is asked about a file: for its features, or first for its hash alone.
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
    ///   - size: The size of the open file, in bytes: when the file was first seen, it may have been half copied.
    ///   - leads: Whether other files of its size may wait for its result, if no content of that size is known.
    /// - Returns: Nil if the file itself has to wait for the result of another.
    mutating func question(about item: WorkItem, size: Int64, leads: Bool) -> Question? {
        if item.mustDecode { return Question(work: .features, known: []) }
        let known = known(of: item, size: size)
        // If there are too many, only the hash is asked for, and then looked up in the catalog.
        if known.count > ExtractionRequest.mostKnown { return Question(work: .hash, known: []) }
        if known.isEmpty, leads, !newSizes.mayGo(item.file, size: size) { return nil }
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
    /// - Returns: The files that have waited for it, in order of arrival.
    mutating func finished(_ file: Int64, size: Int64) -> [Int64] { newSizes.finished(file, size: size) }

    private func known(of item: WorkItem, size: Int64) -> [ContentHash] {
        var known = item.known
        do {
            if size != item.size {
                known = try catalog.read { try $0.contents(ofSize: size, limit: Attempts.askedFor) }
            }
        } catch {
            // Then it is decoded even if it is known, which does no harm; trouble with the disk will show in turns.
            known = []
        }
        return known + newSizes.contents(ofSize: size).filter { !known.contains($0) }
    }
}
