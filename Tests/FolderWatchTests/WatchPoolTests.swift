import Platform
import SystemPackage
import TestFiles
import Testing

@testable import FolderWatch

struct WatchPoolTests {
    private final class Owner: WatchOwner {
        var uses: [Int32: WatchUse] = [:]

        func use(of watch: Int32) -> WatchUse? { uses[watch] }
    }

    private let pool = WatchPool(disk: LaneDisk(pulse: LanePulse {}), isQueueWanted: true, adopting: nil)

    @Test func aWatchStaysAsLongAsAnyOwnerNeedsIt() throws {
        let place = try Disk.temporaryPlace()
        defer { Disk.remove(place) }
        let (one, other) = (Owner(), Owner())
        pool.add(one)
        pool.add(other)
        let watch = try pool.watch(place, .content, for: place)
        (one.uses, other.uses) = ([watch: .place], [watch: .content])
        #expect(pool.tellsContent(watch, besides: one))
        #expect(!pool.tellsContent(watch, besides: other))
        other.uses = [:]
        pool.release([watch])
        try Disk.write(place.appending("kick.wav"))
        #expect(try pool.read().contains { $0.watch == watch && $0.kind.contains(.created) })
        one.uses = [:]
        pool.release([watch])
        #expect(try pool.read().contains { $0.watch == watch && $0.kind.contains(.ignored) })
    }

    @Test func anOwnerThatIsGoneNeedsNothing() throws {
        let place = try Disk.temporaryPlace()
        defer { Disk.remove(place) }
        let watch = try pool.watch(place, .content, for: place)
        do {
            let owner = Owner()
            owner.uses = [watch: .content]
            pool.add(owner)
            pool.release([watch])
            #expect(try pool.read().isEmpty)
        }
        pool.release([watch])
        #expect(try !pool.read().isEmpty)
    }

    @Test func withoutAQueueThereAreNoWatches() throws {
        let pool = WatchPool(disk: LaneDisk(pulse: LanePulse {}), isQueueWanted: false, adopting: nil)
        #expect(!pool.hasQueue)
        #expect(pool.descriptor == -1)
        #expect(throws: Errno.notSupported) { try pool.watch("/", .content, for: "/") }
        #expect(try pool.read().isEmpty)
    }
}
