import FolderWatch
import Glibc
import SystemPackage
import TestFiles
import Testing

struct ShortageTests {
    /// In a process of its own: the limit is the whole process's.
    @Test func withoutADescriptorToSpareNothingIsTakenForUnreadable() async {
        await #expect(processExitsWith: .success) {
            let place = try WatchedPlace(before: { place in
                try Disk.write(place.appending("root/known.wav"), aged: true)
                try Disk.makeDirectory(place.appending("elsewhere/new"))
                try Disk.write(place.appending("elsewhere/new/late.wav"), aged: true)
            })
            defer { place.close() }
            place.waitForStart()

            var limit = rlimit()
            try #require(unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0)
            let before = limit
            limit.rlim_cur = 64
            try #require(unsafe setrlimit(__rlimit_resource_t(7), &limit) == 0)
            var taken: [Int32] = []
            while case let descriptor = dup(0), descriptor >= 0 { taken.append(descriptor) }
            try Disk.rename(place.place.appending("elsewhere/new"), place.root.appending("new"))
            place.sync()
            #expect(place.known.settled == [place.root.appending("known.wav")])
            #expect(!place.known.changes.contains { if case .unreadable = $0 { true } else { false } })

            for descriptor in taken { close(descriptor) }
            limit = before
            try #require(unsafe setrlimit(__rlimit_resource_t(7), &limit) == 0)
            place.wait(for: ["root/known.wav", "root/new/late.wav"])
            #expect(!place.known.changes.contains { if case .unreadable = $0 { true } else { false } })
        }
    }
}
