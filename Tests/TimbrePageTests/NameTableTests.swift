import Testing
import TimbreWire

@testable import TimbrePage

struct NameTableTests {
    static func table(_ paths: [String]) -> NameTable {
        var table = NameTable()
        for path in paths.sorted() {
            table.append(FileItem(path: WirePath(path.utf8), state: .indexed, duration: 1, channels: 2))
        }
        table.finish()
        return table
    }

    static let paths = [
        "/s/drums/Kick 1.wav", "/s/drums/deep-kick.wav", "/s/drums/sidekick.wav", "/s/kicks/a.wav", "/s/voice/Ä.wav",
        "/s/voice/kick\nbait.wav",
    ]

    func found(_ query: NameQuery, in paths: [String] = Self.paths) -> [String] {
        Self.table(paths).find(query).files.map { String(decoding: $0.path.bytes, as: UTF8.self) }
    }

    @Test func theBestPlaceComesFirst() {
        #expect(
            found(NameQuery(words: ["kick"])) == [
                "/s/drums/Kick 1.wav", "/s/voice/kick\nbait.wav", "/s/drums/deep-kick.wav", "/s/drums/sidekick.wav",
                "/s/kicks/a.wav",
            ])
    }

    @Test func allWordsHaveToBeThere() {
        #expect(found(NameQuery(words: ["KICK", "drums"])).count == 3)
        #expect(found(NameQuery(words: ["kick", "drums", "deep"])) == ["/s/drums/deep-kick.wav"])
        #expect(found(NameQuery(words: ["nothing"])) == [])
        #expect(found(NameQuery()).count == Self.paths.count)
    }

    @Test func unwantedWordsAndFoldersLeaveOut() {
        #expect(found(NameQuery(words: ["kick"], not: ["drums"])) == ["/s/voice/kick\nbait.wav", "/s/kicks/a.wav"])
        #expect(found(NameQuery(words: ["kick"], folders: ["voice"])) == ["/s/voice/kick\nbait.wav"])
    }

    @Test func caseDoesNotCount() { #expect(found(NameQuery(words: ["ä"])) == ["/s/voice/Ä.wav"]) }

    @Test func namesThatAreNoTextAreFound() {
        var table = NameTable()
        let path = WirePath(Array("/s/odd ".utf8) + [0xFF] + Array("KICK.wav".utf8))
        table.append(FileItem(path: path, state: .indexed))
        #expect(table.find(NameQuery(words: ["kick"])).files.map(\.path) == [path])
    }

    @Test func onlyWhatCanBeSearchedIsKnown() {
        var table = NameTable()
        table.append(FileItem(path: WirePath("/s/a.wav".utf8), state: .failed))
        #expect(table.count == 0)
    }

    @Test func lengthAndChannelsCount() {
        func count(_ filter: FileFilter) -> Int { Self.table(Self.paths).find(NameQuery(filter: filter)).total }
        #expect(count(FileFilter(minDuration: 1, maxDuration: 1)) == Self.paths.count)
        #expect(count(FileFilter(minDuration: 1.1)) == 0)
        #expect(count(FileFilter(maxDuration: 0.9)) == 0)
        #expect(count(FileFilter(channels: 1)) == 0)
    }

    @Test func onlySomeNumbersMayBeLookedAmong() {
        var table = NameTable()
        for (number, path) in Self.paths.enumerated() {
            table.append(FileItem(path: WirePath(path.utf8), id: number, state: .indexed))
        }
        table.finish()
        let query = NameQuery(words: ["kick"])
        #expect(table.find(query, among: nil).total == 5)
        #expect(table.find(query, among: [1, 4, 99, -1]).files.map(\.number) == [1])
        #expect(table.find(query, among: []).total == 0)
        #expect(table.numbers(NameQuery(count: 0), among: [4, 1, 1]).sorted() == [1, 4])
        #expect(table.find(NameQuery(words: ["kick"], among: [1, 4, 99, -1])).files.map(\.number) == [1])
        #expect(table.find(NameQuery(words: ["kick"], among: [])).total == 0)
        #expect(table.numbers(NameQuery(words: ["kick"], among: [0, 1]), among: [1, 2]) == [1])
        table.remove(1)
        #expect(table.numbers(query, among: [1, 2]) == [2])
    }

    @Test func figuresAreThoseOfTheListing() {
        var table = NameTable()
        for (number, hertz) in [(1, 440), (2, 5000), (3, 16_000), (4, 20), (5, nil)] as [(Int, Double?)] {
            table.append(
                FileItem(
                    path: WirePath("/s/\(number)".utf8), id: number, state: number == 3 ? .offline : .indexed,
                    duration: Double(number) / 4,
                    figures: hertz.map { Figures(brightness: $0, noisiness: 0, attack: 0, length: 1, decay: 0) },
                    added: number == 5 ? nil : Double(1000 * number)))
        }
        table.finish()
        // What is renamed stays what it was, and what is away is not shown.
        table.rename(2, to: WirePath("/t/2".utf8))
        func values(_ figure: SoundFigure) -> [Int: Float] {
            Dictionary(table.figures(figure, now: 5000), uniquingKeysWith: { $1 })
        }
        #expect(values(.length) == [1: 0.25, 2: 0.5, 4: 1, 5: 1.25])
        #expect(values(.age).filter { !$0.value.isNaN } == [1: 4000, 2: 3000, 4: 1000])
        let brightness = values(.brightness)
        #expect(abs((brightness[1] ?? 0) / 440 - 1) < 0.011 && abs((brightness[2] ?? 0) / 5000 - 1) < 0.011)
        #expect(brightness[4] == 120 && brightness[5]?.isNaN == true && brightness[3] == nil)
        table.hide(3, false)
        #expect(abs((values(.brightness)[3] ?? 0) / 16_000 - 1) < 0.011)
    }

    @Test func noMoreThanAskedForAndAllAreCounted() {
        let (files, total) = Self.table(Self.paths).find(NameQuery(words: ["kick"], count: 2))
        #expect(files.count == 2 && total == 5)
    }

    @Test func aSearchIsThatOfThePlainDefinition() {
        var source = SystemRandomNumberGenerator()
        func word(_ count: ClosedRange<Int>) -> String {
            String((0..<Int.random(in: count, using: &source)).map { _ in "aAbB1 -".randomElement(using: &source)! })
        }
        for _ in 0..<300 {
            let paths = Set((0..<20).map { _ in "/s/\(word(1...3))/\(word(1...8))" })
            let words = (0..<2).map { _ in word(1...2) }
            let unwanted = [word(2...3)]
            let fitting = paths.filter { path in
                let folded = path.lowercased()
                let parts = folded.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
                let (folder, name) = ("/\(parts[0])/\(parts[1])", parts.count > 2 ? String(parts[2]) : "")
                func has(_ word: String) -> Bool {
                    name.contains(word.lowercased()) || folder.contains(word.lowercased())
                }
                return words.allSatisfy(has) && !unwanted.contains(where: has)
            }
            let found = found(NameQuery(words: words, not: unwanted, count: 100), in: Array(paths))
            #expect(Set(found) == fitting, "\(words) \(unwanted)")
        }
    }
}
