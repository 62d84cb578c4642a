import Platform
import SoundFeatures
import SystemPackage
import Testing
import TimbreStore

@testable import TimbreIngest

struct FolderStatesTests {
    private var folders = FolderStates()

    private mutating func online(_ path: FilePath, isTrusted: Bool = true, words: String = "inotify") -> Bool {
        folders.cameOnline(path, device: 1, isTrusted: isTrusted, words: words)
    }

    @Test mutating func aFolderThatComesMustBeScannedAndIsNewsOnce() {
        let news = [online("/a"), online("/a"), online("/a", words: "polling: too many watches")]
        #expect(news == [true, false, true])
        #expect(folders.pendingScans == ["/a"] && !folders.isIdle)
        #expect(folders.root(of: "/a/kit/x.wav")?.words == "polling: too many watches")
        #expect(folders.root(of: "/ab/x.wav") == nil)
    }

    @Test mutating func aFolderThatGoesMustNotBeScannedAndIsNotTrusted() {
        _ = online("/a")
        #expect(folders.isTrusted("/a/x.wav"))
        folders.wentOffline("/a", words: "offline: gone")
        #expect(folders.isIdle && !folders.isTrusted("/a/x.wav"))
        // Coming back is as good as coming.
        _ = online("/a", isTrusted: false)
        #expect(folders.pendingScans == ["/a"] && !folders.isTrusted("/a/x.wav"))
    }

    @Test mutating func aScanOfAFolderIsOneOfThoseInItToo() {
        folders.requireScans(of: ["/a", "/a/b", "/c"])
        folders.scanBegan("/a")
        folders.listed("/a/b")
        #expect(folders.scan(of: "/a")?.visited == [FilePath("/a/b").bytes])
        #expect(folders.endScan(of: "/a").finished == ["/a", "/a/b"])
        #expect(folders.pendingScans == ["/c"] && folders.scans.isEmpty)
    }

    @Test mutating func ofTwoScansTheNewestEndsFirstAndNobodyIsToldBeforeTheLast() {
        folders.scanBegan("/a")
        folders.listed("/a")
        folders.scanBegan("/a")
        #expect(folders.endScan(of: "/a").finished.isEmpty)
        #expect(folders.scan(of: "/a")?.visited == [FilePath("/a").bytes])
        #expect(folders.endScan(of: "/a").finished == ["/a"])
        #expect(folders.endScan(of: "/a").finished.isEmpty)
    }

    @Test mutating func aScanThatCameTooEarlyCountsForNothing() {
        _ = online("/a")
        folders.scanBegan("/a")
        #expect(folders.eventsWereLost() == ["/a"])
        #expect(folders.endScan(of: "/a").finished.isEmpty)
        #expect(folders.pendingScans == ["/a"])
        folders.scanBegan("/a")
        #expect(folders.endScan(of: "/a").finished == ["/a"])
    }

    @Test("Many files that are gone are reported", arguments: [19, 20])
    mutating func vanished(count: Int) {
        _ = online("/a")
        for _ in 0..<count { folders.vanished(below: "/a/kit") }
        folders.scanBegan("/a")
        #expect(folders.endScan(of: "/a").vanished.map(\.count) == (count < 20 ? [] : [20]))
        // What goes while the folder is watched is no news.
        folders.vanished(below: "/a/kit")
        #expect(folders.roots["/a"]?.vanishedCount == count)
    }

    @Test mutating func whatLiesBelowADirectoryThatCannotBeReadIsHidden() {
        folders.becameUnreadable("/a/kit", why: "permission denied")
        #expect(folders.isHidden("/a/kit/deep/x.wav") && !folders.isHidden("/a/kits/x.wav"))
        folders.listed("/a/kit")
        #expect(!folders.isHidden("/a/kit"))
        folders.becameUnreadable("/a/kit", why: "permission denied")
        folders.directoryGone("/a")
        #expect(!folders.isHidden("/a/kit"))
    }

    @Test mutating func foldersThatAreNotKeptAreForgotten() {
        _ = (online("/a"), online("/b"))
        folders.requireScans(of: ["/c"])
        folders.becameUnreadable("/b/kit", why: "permission denied")
        #expect(Set(folders.keepOnly(["/a"])) == ["/b", "/c"])
        #expect(folders.pendingScans == ["/a"] && folders.unreadable.isEmpty && folders.root(of: "/b") == nil)
    }

    @Test mutating func whereNothingWasMissedNothingIsScanned() {
        folders.requireScans(of: ["/a", "/a/b", "/c"])
        #expect(Set(folders.continued("/a")) == ["/a", "/a/b"])
        #expect(folders.pendingScans == ["/c"])
    }
}
