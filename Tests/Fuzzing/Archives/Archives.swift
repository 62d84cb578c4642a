import ArchiveReading
import Platform
import SoundFeatures
import TestSounds

/// An archive: its members have names that stay below it and no more bytes than allowed, or there is a reason why not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ArchiveReader.prepare()
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var limits = ArchiveLimits()
    (limits.mostMembers, limits.largestMember, limits.mostBytes) = (200, 1 << 20, 4 << 20)
    do {
        let file = try TemporaryFile(bytes)
        var walk = try ArchiveWalk(file.descriptor, limits: limits, isWanted: { _ in true }, pulse: {})
        while let member = try walk.next() {
            precondition(ArchiveNames.path(ofMember: member.path) == member.path)
            precondition(member.number < limits.mostMembers)
            // Every other one is passed over.
            guard member.number % 2 == 0 else { continue }
            var length = 0
            let failure = try walk.unpack { length += $0.count }
            precondition(length <= limits.largestMember && failure?.detail.isEmpty != true)
        }
        precondition(walk.failure?.detail.isEmpty != true)
    } catch let failure as ExtractionFailure {
        precondition(!failure.detail.isEmpty)
    } catch { fatalError("\(error)") }
    return 0
}
