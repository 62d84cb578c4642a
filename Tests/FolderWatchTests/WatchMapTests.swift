import FolderWatch
import SystemPackage
import Testing

struct WatchMapTests {
    var map = WatchMap(root: "/root")

    init() {
        for (number, path) in ["/root", "/root/a", "/root/a/b", "/root/a/b/c", "/root/ab"].enumerated() {
            let freed = map.insert(FilePath(path), watch: Int32(number + 1))
            #expect(freed == [])
        }
    }

    @Test func watchesAreFoundByPathAndPathsByWatch() {
        #expect(map.paths(of: 4) == ["/root/a/b/c"])
        #expect(map.paths(of: 1) == ["/root"])
        #expect(map.watch(of: "/root/a/b") == 3)
        #expect(map.paths(of: 9) == [])
        #expect(Set(map.children(of: "/root")) == ["a", "ab"])
        #expect(!map.contains("/root/b"))
        #expect(!map.contains("/rooted"))
    }

    @Test func aListOfItsDirectoriesMakesTheSameTree() {
        let copy = WatchMap(root: "/root", directories: map.directories)
        for watch in 1...5 { #expect(copy.paths(of: Int32(watch)) == map.paths(of: Int32(watch))) }
        #expect(copy.watchCount == 5)
        // A list that makes no sense makes no tree that would.
        let odd = WatchMap(root: "/root", directories: [.init(depth: 3, name: [65], watch: 1)])
        #expect(odd.watchCount == 0)
    }

    @Test mutating func aRenameMovesTheWholeBranch() {
        let freed = map.move(from: "/root/a/b", to: "/root/ab/z")
        #expect(freed == [])
        #expect(map.paths(of: 4) == ["/root/ab/z/c"])
        #expect(map.watchCount == 5)
        #expect(map.children(of: "/root/a") == [])
    }

    @Test mutating func aRenameOntoAnotherFreesThatOnesWatches() {
        let freed = map.move(from: "/root/ab", to: "/root/a").sorted()
        #expect(freed == [2, 3, 4])
        #expect(map.paths(of: 5) == ["/root/a"])
        #expect(map.watchCount == 2)
    }

    @Test mutating func aRemovedBranchFreesItsWatches() {
        let freed = map.remove("/root/a").sorted()
        #expect(freed == [2, 3, 4])
        let freedAgain = map.remove("/root/a")
        #expect(freedAgain == [])
        #expect(map.watchCount == 2)
    }

    @Test mutating func aDirectoryMadeAgainIsAnotherOne() {
        let freed = map.insert("/root/a", watch: 10)
        #expect(freed == [2])
        // The kernel tells later that the old one is no more.
        map.drop(watch: 2)
        #expect(map.watch(of: "/root/a") == 10)
        map.drop(watch: 10)
        #expect(map.watch(of: "/root/a") == nil)
        #expect(map.paths(of: 3) == ["/root/a/b"])
    }

    @Test mutating func oneWatchMayTellOfTwoPaths() {
        let freed = map.insert("/root/link", watch: 5)
        #expect(freed == [])
        #expect(Set(map.paths(of: 5)) == ["/root/ab", "/root/link"])
        #expect(map.watchCount == 5)
        let freedAgain = map.remove("/root/ab")
        #expect(freedAgain == [])
        let freedThen = map.remove("/root/link")
        #expect(freedThen == [5])
    }
}
