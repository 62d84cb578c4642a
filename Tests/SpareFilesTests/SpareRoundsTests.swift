import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreCodes
import TimbreWire

@testable import SpareFiles

/// What can go of a group, against the definition, which compares each copy with each.
struct SpareRoundsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for kit in ["kit", "backup"] { try folder.makeFolder(kit) }
    }

    /// Files of two kits, some of them layers of each other; those of no bytes cannot be read.
    private func files(_ random: inout SeededGenerator) throws -> [FilePath] {
        var files: [FilePath] = []
        for kit in ["kit", "backup"] {
            for name in ["a1", "a2", "a3", "f1", "f2", "pp1", "mf1", "c1", "kick", "kick 1", "kick 2", "hard", "soft"] {
                for format in ["wav", "flac"] {
                    let size = Int.random(in: 0...4, using: &random)
                    files.append(try folder.write(String(repeating: "x", count: size), to: "\(kit)/\(name).\(format)"))
                }
            }
        }
        return files
    }

    private func group(of files: ArraySlice<FilePath>, _ random: inout SeededGenerator) throws -> [CopyOnDisk] {
        try files.map { path in
            let size = try contents(of: path).count
            return try CopyOnDisk(
                DuplicateFile(
                    path: WirePath(path.bytes), size: size, duration: 1, format: nil,
                    content: "\(Int.random(in: 0...(4 * files.count), using: &random))",
                    level: Double(Int.random(in: -6...6, using: &random)) / 4))
        }
    }

    @Test func decideAsTheDefinitionDoes() throws {
        var random = SeededGenerator(seed: 23)
        let files = try files(&random)
        let rules: [KeepRule] = [
            .largest, .oldest, .newest, .path(glob: Array("*/kit/*".utf8)), .path(glob: Array("*1.wav".utf8)),
            .path(glob: Array("nothing".utf8)),
        ]
        for _ in 0..<300 {
            var copies = try group(
                of: files.shuffled(using: &random).prefix(Int.random(in: 0...files.count, using: &random)), &random)
            // Some have several names.
            for _ in 0..<Int.random(in: 0...2, using: &random) where copies.count > 1 {
                let other = copies.removeLast()
                copies[Int.random(in: copies.indices, using: &random)].names += other.names
            }
            let some = Array(rules.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
            for lettingLayersGo in [false, false, true] {
                let decisions = SpareRounds(copies, some, lettingLayersGo: lettingLayersGo).decisions
                let plain = PlainSpares(copies, some, lettingLayersGo: lettingLayersGo).decisions
                #expect(
                    decisions.map(\.copy) == plain.map(\.copy) && decisions.map(\.decision) == plain.map(\.decision),
                    "\(copies.map { ($0.names.map(\.file.path.shown), $0.level, $0.size, $0.content) }) \(some)")
            }
        }
    }
}

/// The definition of ``SpareRounds``: in each round every copy is compared with all that is chosen and all that goes.
private struct PlainSpares {
    private(set) var decisions: [(copy: Int, decision: SpareRounds.Decision)] = []
    private let copies: [CopyOnDisk]
    private let lettingLayersGo: Bool

    init(_ copies: [CopyOnDisk], _ rules: [KeepRule], lettingLayersGo: Bool) {
        (self.copies, self.lettingLayersGo) = (copies, lettingLayersGo)
        decide(Array(copies.indices), rules, others: nil)
    }

    private mutating func decide(_ some: [Int], _ rules: [KeepRule], others: [Int]?) {
        let readable = some.filter { copies[$0].isReadable }
        guard let rule = rules.first(where: { !chosen(by: $0, of: readable).isEmpty }) else {
            for copy in some {
                let reason: SparePlan.Reason =
                    if let others { copies[copy].isReadable ? reason(of: copy, beside: others) : .unreadable } else {
                        readable.isEmpty ? .noneReadable : .noneMatches
                    }
                decisions.append((copy, .left(reason)))
            }
            return
        }
        let kept = chosen(by: rule, of: readable)
        let staying = rule.isPattern ? chosen(by: rule, of: some) : kept
        var (gone, rest): ([Int], [Int]) = ([], [])
        for copy in some {
            if staying.contains(copy) {
                decisions.append((copy, others.map { .left(reason(of: copy, beside: $0)) } ?? .kept))
            } else if lettingLayersGo || isSpare(copy, of: kept, beside: gone) {
                decisions.append((copy, .spare))
                gone.append(copy)
            } else {
                rest.append(copy)
            }
        }
        if !rest.isEmpty { decide(rest, rules, others: (others ?? []) + kept) }
    }

    private func chosen(by rule: KeepRule, of some: [Int]) -> [Int] {
        let matching = some.filter { rule.matches(copies[$0]) }
        if rule.isPattern { return matching }
        return matching.filter { copy in
            !matching.contains { $0 != copy && rule.prefers(copies[$0], at: $0, to: copies[copy], at: copy) }
        }
    }

    private func isSpare(_ copy: Int, of kept: [Int], beside gone: [Int]) -> Bool {
        if kept.contains(where: { copies[$0].content == copies[copy].content }) { return true }
        guard kept.contains(where: { areAsLoud($0, copy) }) else { return false }
        return !(kept + gone).contains { other in
            copies[copy].names.contains { name in
                copies[other].names.contains { LayerName($0.file.path).isLayer(of: LayerName(name.file.path)) }
            }
        }
    }

    private func areAsLoud(_ a: Int, _ b: Int) -> Bool { abs(copies[a].level - copies[b].level) < 0.5 }

    private func reason(of copy: Int, beside others: [Int]) -> SparePlan.Reason {
        others.contains { areAsLoud($0, copy) } ? .layer : .level
    }
}
