import TimbreLibrary
import TimbreStore

extension IngestLoop {
    /// Gives back to the system what was needed for many changes.
    func giveBackMemory() {
        do { try catalog.forgetPages() } catch {
            // What the pages take is not worth a word; whoever uses the database next meets the same error, and says it.
        }
        FreedMemory.giveBack()
    }
}
