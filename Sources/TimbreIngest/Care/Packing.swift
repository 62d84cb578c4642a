import TimbreIndex
import TimbreLibrary
import TimbreStore

/// Packs files for the next start, a few at a time, when there is nothing else to do.
///
/// Packs are only an optimisation: whatever is not packed is read from the rows.
struct Packing {
    /// What decides which files are packed.
    private let plan: PackPlan
    /// Changes of the index since the last check.
    private var changes = 0
    /// Whether a check is due: at the start, when much has changed, and as long as there was something to pack.
    private(set) var isDue = true

    /// Changes that are worth a check.
    private static let many = 256

    init(plan: PackPlan = PackPlan(size: TimbreIndex.filesPerPack)) { self.plan = plan }

    mutating func note(changes count: Int) {
        changes += count
        if changes >= Self.many { isDue = true }
    }

    /// Notes that another model is live.
    mutating func noteModel() { isDue = true }

    /// Packs some files, if that is due: one pack, some 30 ms.
    mutating func packSome(_ catalog: Catalog, _ library: LiveLibrary) {
        guard isDue else { return }
        changes = 0
        do {
            isDue = try packOne(catalog, library.snapshot)
        } catch {
            // It is tried again when more has changed.
            isDue = false
        }
    }

    /// - Returns: Whether there was something to pack.
    private func packOne(_ catalog: Catalog, _ snapshot: LibrarySnapshot) throws -> Bool {
        let model = snapshot.generation.id
        let files = try catalog.read { reader in
            plan.next(try reader.packs(), touched: try reader.touchedFiles(), model: model) { start in
                snapshot.index.id(ofNext: plan.size, from: start)
            }
        }
        guard let files else { return false }
        try catalog.write { writer in
            try writer.setPacks(try LibraryLoader.packs(of: files, model: model, writer.reader), of: files)
        }
        return true
    }
}
