import TimbreIndex
import TimbreLibrary
import TimbreStore

/// When packs are looked at.
struct PackingState {
    /// What decides which files are packed.
    var plan = PackPlan(size: TimbreIndex.filesPerPack)
    /// Changes of the index since the last look.
    private var changes = 0
    /// Whether a look is due: at the start, when much has changed, and for as long as there was something to do.
    private(set) var isDue = true

    /// Changes that are worth a look.
    private static let many = 256

    mutating func note(changes count: Int) {
        changes += count
        if changes >= Self.many { isDue = true }
    }

    /// Notes that another model is in use.
    mutating func noteModel() { isDue = true }

    mutating func looked(hasMore: Bool) { (changes, isDue) = (0, hasMore) }
}

extension IngestLoop {
    /// Whether files are to be packed while nothing else is to be done.
    var mayPack: Bool { packing.isDue && changes.isEmpty && storage.retry == nil && !isEnding && !battery.isSparing }

    /// Packs some files for the next start, if that is due: one pack, some 30 ms.
    func packSome() {
        guard mayPack else { return }
        let (generation, index) = { ($0.generation.id, $0.index) }(library.snapshot)
        do {
            let plan = packing.plan
            let files = try catalog.read { reader in
                plan.next(try reader.packs(), touched: try reader.touchedFiles(), model: generation) { start in
                    index.id(ofNext: plan.size, from: start)
                }
            }
            if let files { try pack(files, generation) }
            packing.looked(hasMore: files != nil)
        } catch {
            // Packs are an aid alone: what lacks is read from the rows. They are tried again when more has changed.
            packing.looked(hasMore: false)
        }
    }

    private func pack(_ files: ClosedRange<Int64>, _ model: Int64) throws {
        try catalog.write { writer in
            try writer.setPacks(try LibraryLoader.packs(of: files, model: model, writer.reader), of: files)
        }
    }
}
