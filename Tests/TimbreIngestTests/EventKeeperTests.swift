import ContentHash
import EventStore
import Platform
import SoundEvents
import SoundFeatures
import SystemPackage
import TestFiles
import Testing

@testable import TimbreIngest

struct EventKeeperTests {
    private let folder: TemporaryFolder
    private let file: EventFile
    private var table: EventTable { EventTable(in: file) }

    init() throws {
        folder = try TemporaryFolder()
        file = try EventFile(at: folder.path.appending("events"), expected: nil, used: 0)
    }

    private func extraction(_ sound: String) throws -> Extraction {
        guard case .extracted(let extraction) = FakeSound(Array(sound.utf8)).answer(hashOnly: false) else {
            throw Errno.invalidArgument
        }
        return extraction
    }

    @Test func longSoundsAreKeptEachOnce() throws {
        var keeper = EventKeeper()
        let sounds = try [longSound(1), "1 2", longSound(2), longSound(1)].map(extraction)
        let kept = keeper.keep(sounds, in: table)
        #expect(Set(kept.keys) == [sounds[0].content, sounds[2].content])
        for sound in [sounds[0], sounds[2]] {
            let extent = try #require(kept[sound.content])
            #expect(try file.events(at: extent) == SoundEvents(in: sound.frames.bands))
            #expect(extent.frameCount == 100)
        }
        // A turn that failed is made again; one that is on disk is not.
        let size = file.size
        let again = keeper.keep(sounds, in: table)
        #expect(again == kept && file.size == size)
        keeper.committed()
        let rest = keeper.keep([], in: table)
        #expect(rest.isEmpty)
    }

    @Test func whyNothingIsKeptIsSaidOnce() throws {
        var keeper = EventKeeper()
        let (first, second) = (try extraction(longSound(1)), try extraction(longSound(2)))
        let kept = keeper.keep([first], in: table)
        try withUnwritable(file.path) {
            let still = keeper.keep([first, second], in: table)
            let failures = [keeper.takeFailure(), keeper.takeFailure()]
            #expect(still == kept && failures == [.badFileDescriptor, nil])
        }
        let both = keeper.keep([second], in: table)
        let failure = keeper.takeFailure()
        #expect(Set(both.keys) == [first.content, second.content] && failure == nil)
    }

    @Test func withoutAFileNothingIsKept() throws {
        var keeper = EventKeeper()
        let kept = keeper.keep([try extraction(longSound(1))], in: EventTable())
        let failure = keeper.takeFailure()
        #expect(kept.isEmpty && failure == nil)
    }
}
