import ContentHash
import EventStore
import SoundEvents
import SoundFeatures
import SystemPackage

/// Finds the events of new sounds, and writes them to the file beside the database before a turn knows of them.
struct EventKeeper {
    /// Where the events of sounds are that no turn has taken in yet.
    private var kept: [ContentHash: EventExtent] = [:]
    /// Why those of some sounds could not be kept since that was last asked.
    private var failure: Errno?

    /// Keeps the events of sounds that are long enough to have any; they are on disk then.
    ///
    /// What cannot be kept is left out: the sound is taken in without events, and gets them later.
    mutating func keep(_ sounds: [Extraction], in table: EventTable) -> [ContentHash: EventExtent] {
        guard let file = table.file else { return [:] }
        let new = sounds.filter { $0.frames.count >= SoundEvents.shortest && kept[$0.content] == nil }
        var written: [ContentHash: EventExtent] = [:]
        do throws(Errno) {
            for sound in new where written[sound.content] == nil {
                written[sound.content] = try file.append(
                    SoundEvents(in: sound.frames.bands), frameCount: sound.frames.count)
            }
            if !written.isEmpty { try file.synchronize() }
            kept.merge(written) { $1 }
        } catch {
            failure = error
        }
        return kept
    }

    /// Forgets what the turn has taken in.
    mutating func committed() { kept.removeAll() }

    /// Why something could not be kept; nil if nothing failed since it was last asked.
    mutating func takeFailure() -> Errno? {
        defer { failure = nil }
        return failure
    }
}
