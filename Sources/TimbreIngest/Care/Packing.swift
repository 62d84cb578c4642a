import TimbreIndex
import TimbreLibrary
import TimbreStore

/// Packs files for the next start, a few at a time, while nothing else is to be done.
///
/// Packs are an aid alone: what lacks is read from the rows.
struct Packing {
    /// What decides which files are packed.
    private let plan: PackPlan
    /// Changes of the index since the last look.
    private var changes = 0
    /// Whether a look is due: at the start, when much has changed, and for as long as there was something to do.
    private(set) var isDue = true

    /// Changes that are worth a look.
    private static let many = 256

    init(plan: PackPlan = PackPlan(size: TimbreIndex.filesPerPack)) { self.plan = plan }

    mutating func note(changes count: Int) {
        changes += count
        if changes >= Self.many { isDue = true }
    }

    /// Notes that another model is in use.
    mutating func noteModel() { isDue = true }

    /// Packs some files, if that is due: one pack, some 30 ms.
    mutating func packSome(_ catalog: Catalog, _ library: LiveLibrary) {
        guard isDue else { return }
        changes = 0
        do {
            isDue = try packOne(catalog, library.snapshot)
        } catch {
            // They are tried again when more has changed.
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
