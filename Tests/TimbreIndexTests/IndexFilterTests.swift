import Testing
import TimbreCodes
import TimbreDescriptors
import TimbreIndex

extension SoundFigures {
    /// 1 kHz bright, loud after 40 ms, an A.
    fileprivate static let sample = SoundFigures(
        brightness: 1000, noisiness: 0.5, attack: 0.04, length: 1, decay: 0.1,
        pitch: Pitch(hertz: 220, confidence: 0.9))
}

extension TimbreIndexTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var filter: IndexFilter
        var admits: @Sendable (IndexedFile) -> Bool

        init(
            _ description: String, set: (inout IndexFilter) -> Void,
            admits: @escaping @Sendable (IndexedFile) -> Bool = { !$0.isOffline }
        ) {
            testDescription = description
            filter = IndexFilter()
            set(&filter)
            self.admits = admits
        }
    }

    static let cases = [
        Case("with those that are offline", set: { $0.includesOffline = true }, admits: { _ in true }),
        Case(
            "by length", set: { ($0.minDuration, $0.maxDuration) = (20, 30.5) },
            admits: {
                !$0.isOffline && $0.duration >= 20 && $0.duration <= 30.5
            }),
        Case("by channels", set: { $0.channelCount = 2 }, admits: { !$0.isOffline && $0.channelCount == 2 }),
        Case(
            "among some", set: { $0.among = [3, 107, 250] }, admits: { !$0.isOffline && [3, 107, 250].contains($0.id) }),
        Case(
            "that say they are loops",
            set: { $0.loop = LoopCondition(wantsLoop: true, loops: [3], oneShots: [107]) },
            admits: { !$0.isOffline && $0.id == 3 }),
        Case("by age", set: { $0.since = 900 }, admits: { !$0.isOffline && $0.added >= 900 }),
        // /a and below are the directories 0, 1 and 2, and /a/b is 1.
        Case(
            "by directory", set: { $0.directories = [Array("/a".utf8)] }, admits: { !$0.isOffline && $0.directory <= 2 }
        ),
        Case(
            "by directory, whole components", set: { $0.directories = [Array("/a/b/".utf8)] },
            admits: {
                !$0.isOffline && $0.directory == 1
            }),
        Case(
            "by directories", set: { $0.directories = [Array("/d".utf8), Array("/a/bc".utf8)] },
            admits: {
                !$0.isOffline && [2, 3].contains($0.directory)
            }),
        Case(
            "by files and a directory",
            set: { $0.directories = ["/a/b/sound 7.wav", "/sound 3.wav", "/d", "/a/sound"].map { Array($0.utf8) } },
            admits: {
                let place = [$0.directory, $0.id % 100]
                return !$0.isOffline && (place == [1, 7] || place == [4, 3] || $0.directory == 3)
            }),
        Case(
            "not below a directory", set: { $0.leftOut = [Array("/a/b/".utf8), Array("/none".utf8)] },
            admits: { !$0.isOffline && $0.directory != 1 }),
        Case(
            "below a directory, not below one in it, and without a file",
            set: {
                ($0.directories, $0.leftOut) = (
                    [Array("/a".utf8)], ["/a/bc", "/a/b/sound 7.wav"].map { Array($0.utf8) }
                )
            },
            admits: { !$0.isOffline && $0.directory < 2 && [$0.directory, $0.id % 100] != [1, 7] }),
        Case(
            "a file that is named and left out",
            set: { ($0.directories, $0.leftOut) = ([Array("/sound 3.wav".utf8)], [Array("/sound 3.wav".utf8)]) },
            admits: { _ in false }),
        Case(
            "without the files of two directories", set: { $0.closedDirectories = [0, 4] },
            admits: { !$0.isOffline && $0.directory != 0 && $0.directory != 4 }),
        Case("below the root", set: { $0.directories = [[UInt8(ascii: "/")]] }),
        Case(
            "by name", set: { $0.name = GlobPattern(Array("* 1?.wav".utf8)) },
            admits: {
                !$0.isOffline && (10..<20).contains($0.id % 100)
            }),
        Case(
            "by brightness and attack",
            set: {
                $0.figures.limits = [
                    .init(.brightness, 0..<Int(SoundFigures.sample[.brightness]) + 1),
                    .init(.attack, Int(SoundFigures.sample[.attack])..<Int.max),
                ]
            },
            admits: { file in
                guard !file.isOffline, let figures = file.figures else { return false }
                return figures.brightness < 1000.5 && figures.attack > 0.0399
            }),
        Case(
            "by a lower pitch",
            set: { $0.figures.limits = [.init(.pitch, Int.min..<Int(SoundFigures.sample[.pitch]))] },
            admits: { !$0.isOffline && ($0.figures?.pitch?.hertz ?? 1000) < 219 }),
        Case(
            "by key", set: { $0.figures.keys = [SoundFigures.sample[.pitch]] },
            admits: { !$0.isOffline && $0.figures?.pitch?.note.hasPrefix("A") ?? false && $0.id % 12 == 0 }),
        Case(
            "by what nothing has", set: { $0.figures.limits = [.init(.noisiness, Int.min ..< -5)] },
            admits: { _ in false }),
        Case("by distance", set: { $0.maxDistance = 3 }),
        Case("by a distance between two bits", set: { $0.maxDistance = 2.5 }),
        Case("by distance 0", set: { $0.maxDistance = 0 }),
        Case("by no distance", set: { $0.maxDistance = -1 }),
        Case("by a great distance", set: { $0.maxDistance = 1e300 }),
        Case(
            "to almost nothing", set: { ($0.since, $0.channelCount, $0.maxDistance) = (990, 1, 4) },
            admits: {
                !$0.isOffline && $0.added >= 990 && $0.channelCount == 1
            }),
    ]

    @Test("Filters inside the search", arguments: cases)
    func filters(_ filtered: Case) {
        var (index, plain, random) = library(1500, seed: 5, bits: 4)
        for queryCount in [1, 3] {
            let queries = (0..<queryCount).map { _ in random.code() }
            expectSame(index, plain, queries, filter: filtered.filter, where: filtered.admits)
            expectSame(index, plain, queries, excluding: [0, 3, 300], filter: filtered.filter, where: filtered.admits)
        }
        var generator = SeededGenerator(seed: 1)
        guard filtered.filter.maxDistance == nil else { return }
        let admitted = plain.sorted.filter(filtered.admits).map(\.id)
        #expect(index.random(.max, filter: filtered.filter, using: &generator).sorted() == admitted)
        #expect(
            index.files(admittedBy: filtered.filter, excluding: [300])
                == plain.sorted.filter { filtered.admits($0) && $0.id != 300 && !$0.spans.isEmpty }.map(\.id))
        #expect(index.files(admittedBy: filtered.filter, evenSilent: true) == admitted)
        func place(_ file: IndexedFile) -> (directory: [UInt8], name: [UInt8]) {
            (plain.directories[file.directory] ?? [], file.name)
        }
        let listed = plain.sorted.filter(filtered.admits).sorted { a, b in
            let (a, b) = (place(a), place(b))
            return a.directory == b.directory
                ? a.name.lexicographicallyPrecedes(b.name) : a.directory.lexicographicallyPrecedes(b.directory)
        }
        func names(_ ids: [Int64]) -> [[UInt8]] { ids.compactMap { index.path(of: $0) } }
        // Of files of one name in one place either may come first.
        #expect(names(index.listing(admittedBy: filtered.filter, below: nil)) == names(listed.map(\.id)))
        let below = index.listing(admittedBy: filtered.filter, below: Array("/a".utf8))
        #expect(below.sorted() == listed.filter { $0.directory <= 2 }.map(\.id).sorted())
    }

    @Test func findsNothingInADirectoryWithoutPath() {
        var (index, _, random) = library(300, seed: 6, bits: 4)
        var filter = IndexFilter()
        filter.directories = [Array("/a/bc".utf8)]
        let queries = [random.code()]
        #expect(!index.nearestFiles(to: queries, count: 5, filter: filter).isEmpty)
        index.setDirectory(2, path: Array("/moved".utf8))
        #expect(index.nearestFiles(to: queries, count: 5, filter: filter).isEmpty)
        filter.directories = [Array("/moved".utf8)]
        let moved = index.nearestFiles(to: queries, count: 5, filter: filter)
        #expect(moved.allSatisfy { index.path(of: $0.file)?.starts(with: Array("/moved/sound ".utf8)) ?? false })
        index.removeDirectory(2)
        #expect(index.nearestFiles(to: queries, count: 5, filter: filter).isEmpty)
        #expect(index.path(of: moved[0].file) == nil)
        #expect(index.file(moved[0].file)?.directory == 2)
    }

    @Test func pathsAreBytes() {
        var (index, _, _) = library(10, seed: 7, bits: 3)
        index.rename(9, directory: 4, name: [0xFF, 0x0A])
        #expect(index.path(of: 9) == [0x2F, 0xFF, 0x0A])
        index.rename(9, directory: 1, name: Array("x".utf8))
        #expect(index.path(of: 9) == Array("/a/b/x".utf8))
        #expect(index.path(of: 1) == nil)
    }

    @Test func everyFileIsDrawnAboutAsOften() {
        let (index, plain, _) = library(21, seed: 8, bits: 3)
        let online = plain.sorted.filter { !$0.isOffline }.map(\.id)
        var generator = SeededGenerator(seed: 2)
        var drawn: [Int64: Int] = [:]
        for _ in 0..<4000 {
            let ids = index.random(5, using: &generator)
            #expect(Set(ids).count == 5)
            for id in ids { drawn[id, default: 0] += 1 }
        }
        #expect(drawn.keys.sorted() == online)
        // Five standard deviations of a binomial distribution.
        let (expected, share) = (20_000.0 / Double(online.count), 5 / Double(online.count))
        #expect(drawn.values.allSatisfy { abs(Double($0) - expected) < 5 * (4000 * share * (1 - share)).squareRoot() })
        #expect(TimbreIndex().random(3, using: &generator).isEmpty)
    }

    /// What a seed draws is what somebody has been shown for it.
    @Test(arguments: [0, 1, 40, 9000])
    func aDrawIsTheBeginningOfAShuffle(count: Int) {
        let (index, plain, _) = library(9000, seed: 9, bits: 3)
        var shuffled = plain.sorted.filter { !$0.isOffline }.map(\.id)
        var (generator, same) = (SeededGenerator(seed: 5), SeededGenerator(seed: 5))
        let drawn = min(count, shuffled.count)
        for place in 0..<drawn { shuffled.swapAt(place, Int.random(in: place..<shuffled.count, using: &same)) }
        #expect(index.random(count, using: &generator) == Array(shuffled[..<drawn]))
    }

    @Test(arguments: [0, 1, 4096, 4097, 9000])
    func rangesOfFilesAreAllNumbersTogether(count: Int) {
        let (index, _, _) = library(count, seed: 10, bits: 3)
        let ranges = index.ranges(ofFiles: 4096)
        #expect(ranges.first?.lowerBound == .min && ranges.last?.upperBound == .max)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound + 1 == $1.lowerBound })
        #expect(ranges.flatMap(index.ids(in:)) == index.ids)
        #expect(ranges.dropLast().allSatisfy { index.ids(in: $0).count == 4096 })
    }
}
