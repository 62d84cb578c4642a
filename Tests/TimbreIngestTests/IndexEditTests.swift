import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// Turns that come as they may; ``TestLibrary`` holds the index against what a start would load after each.
struct IndexEditTests {
    /// What a random walk has to choose from.
    private struct Walk {
        var test: TestLibrary
        var generator: SeededGenerator
        let folders = ["", "kit", "kit/deep", "pads"]
        let names = ["a.wav", "b.wav", "c.wav", "d.wav"]
        let sounds = ["1", "1 2", "2 3 -", "4 5 6 7", "!damaged", "!long", "!crash", "1 -", longSound(1), longSound(2)]

        mutating func one<Element>(of choices: [Element]) -> Element { choices[generator.index(below: choices.count)] }

        mutating func name() -> String {
            let folder = one(of: folders)
            return folder.isEmpty ? one(of: names) : "\(folder)/\(one(of: names))"
        }

        mutating func write() throws -> FolderChange {
            let name = name()
            do {
                try test.write(one(of: sounds), to: name)
            } catch Errno.noSuchFileOrDirectory {
                // The folder has been moved away.
                return .gone(test.path(name), isDirectory: false)
            }
            return generator.index(below: 4) == 0 ? .pending(test.path(name)) : .settled(test.path(name))
        }

        mutating func move() throws -> FolderChange? {
            let (from, to) = (name(), name())
            guard from != to, try test.exists(from), try test.exists(parent(of: to)) else { return nil }
            try test.move(from, to: to)
            return .moved(from: test.path(from), to: test.path(to), isDirectory: false)
        }

        /// Gives `kit` another name, or its own back.
        mutating func moveFolder() throws -> FolderChange {
            let (from, to) = try test.exists("kit") ? ("kit", "renamed kit") : ("renamed kit", "kit")
            try test.move(from, to: to)
            return .moved(from: test.path(from), to: test.path(to), isDirectory: true)
        }

        mutating func remove() throws -> FolderChange? {
            let name = name()
            guard try test.exists(name) else { return nil }
            try test.remove(name)
            return .gone(test.path(name), isDirectory: false)
        }

        func parent(of name: String) -> String { FilePath(name).removingLastComponent().string }

        mutating func changes() throws -> [FolderChange] {
            let known = try folders.filter { try test.exists($0) }
            switch generator.index(below: 12) {
            case 0...4: return [try write()]
            case 5: return try move().map { [$0] } ?? []
            case 6: return [try moveFolder()]
            case 7: return try remove().map { [$0] } ?? []
            case 8: return [try test.listed(one(of: known))]
            case 9: return try test.scan(known.filter { !$0.isEmpty })
            case 10: return [.unreadable(test.path(one(of: ["kit", "pads"])), reason: "permission denied")]
            default: return [test.offline]
            }
        }

        mutating func step() throws {
            try test.turn(try changes())
            if test.state.folders.root(of: test.root)?.isOnline == false {
                try test.online(inode: generator.index(below: 4) == 0 ? UInt64(generator.index(below: 9)) : 7)
                try test.turn(try test.scan(try folders.filter { try !$0.isEmpty && test.exists($0) }))
            }
            // Some files are with workers for a while, and several answers come at once.
            var findings: [Finding] = []
            for _ in 0..<generator.index(below: 4) {
                guard var finding = try test.nextFinding() else { break }
                finding.hasChanged = generator.index(below: 10) == 0
                findings.append(finding)
            }
            try test.turn([], findings)
            test.state.waiting.wake(at: test.now + .seconds(60))
        }
    }

    @Test("The index follows whatever happens", arguments: 1...6 as ClosedRange<UInt64>)
    func followsWhateverHappens(seed: UInt64) throws {
        let test = try TestLibrary()
        for folder in ["kit", "kit/deep", "pads"] { try test.makeFolder(folder) }
        var walk = Walk(test: test, generator: SeededGenerator(seed: seed))
        for _ in 0..<120 { try walk.step() }
        // In the end all that is on disk is known, and nothing else.
        if try !test.exists("kit") { try test.turn([try walk.moveFolder()]) }
        test.state.folders.directoryGone(test.root)
        try test.turn(try test.scan(["kit", "kit/deep", "pads"]))
        while !test.state.waiting.isEmpty {
            try test.work()
            test.state.waiting.wake(at: test.now + .seconds(60))
        }
        var sounding: Set<String> = []
        for folder in walk.folders {
            for name in walk.names {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                guard try test.exists(path) else { continue }
                if try contents(of: test.path(path)).first != UInt8(ascii: "!") { sounding.insert(path) }
            }
        }
        let live = test.index.ids.filter { test.index.file($0)?.isOffline == false }.compactMap {
            test.index.path(of: $0)
        }
        #expect(Set(live) == Set(sounding.map { test.path($0).bytes }))
        #expect(try test.isFresh)
    }

    @Test func aFileThatComesGoesAndComesAgainInOneTurnIsThereOnce() throws {
        var index = TimbreIndex()
        let file = IndexedFile(
            id: 3, directory: 1, name: [97], duration: 1, channelCount: 1, sampleCount: 9, added: 0,
            spans: [TimbreSpan(number: 0, code: TimbreCode(bits: [1]))])
        index.apply([
            .directory(1, path: [47]), .insert(file), .remove(3), .insert(file), .offline([3], true),
            .rename(3, directory: 2, name: [98]), .directory(2, path: Array("/x".utf8)),
        ])
        #expect(index.ids == [3])
        #expect(index.path(of: 3) == Array("/x/b".utf8))
        #expect(index.file(3)?.isOffline == true)
    }
}

extension TestLibrary {
    func exists(_ name: String) throws -> Bool {
        let place = name.isEmpty ? root : path(name)
        do {
            try FileDescriptor.open(place, .readOnly).close()
            return true
        } catch Errno.noSuchFileOrDirectory {
            return false
        }
    }
}
