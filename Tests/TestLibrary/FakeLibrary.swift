import Synchronization
import SystemPackage
import TimbreWire
import Varlink

/// A library with made-up answers.
package final class FakeLibrary: LibraryResponder {
    /// Thrown by every verb if it is there.
    package let failure: (any Error)?
    /// What `similar` was asked, newest last.
    package let asked = Mutex<[Similar.Parameters]>([])
    /// What `explain` was asked, newest last.
    package let explained = Mutex<[Explain.Parameters]>([])
    /// What `evaluate` was asked, newest last.
    package let evaluated = Mutex<[Evaluate.Parameters]>([])
    /// What `follow` was asked, newest last.
    package let followed = Mutex<[Follow.Parameters]>([])
    /// How many files `list` has: one in each of its replies.
    package let fileCount: Int

    /// What `similar` finds.
    package let results: [SimilarResult]
    /// Whether `similar` knows no file at all, and wants to be told its features.
    package let knowsNone: Bool

    package init(
        failure: (any Error)? = nil, fileCount: Int = 3, results: [SimilarResult] = [], knowsNone: Bool = false
    ) {
        self.failure = failure
        self.fileCount = fileCount
        self.results = results
        self.knowsNone = knowsNone
    }

    private func answer<Reply>(_ reply: Reply) throws -> Reply {
        if let failure { throw failure }
        return reply
    }

    package static let model = Model(
        id: 1, hash: "sha256:00", active: true, created: 0, origin: "default", centroids: 128, seed: 1, frames: 10,
        contents: 3)
    package static let folder = Folder(path: WirePath("/s".utf8), mode: .inotify, files: 3, origin: .config)

    package func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply {
        asked.withLock { $0.append(parameters) }
        for query in knowsNone ? parameters.queries : [] {
            guard case .file(let path) = query.source else { continue }
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        return try answer(
            Similar.Reply(query: [], metric: .codes, model: "sha256:00", complete: true, results: results))
    }

    /// What `compare` finds: a pair, a sound of each folder without counterpart, and one that is too faint.
    package static let compared = [
        ComparedFile(
            side: .a, path: WirePath("/s/a/kick".utf8), duration: 0.5, nearest: WirePath("/s/b/bd".utf8),
            distance: 0.25,
            score: 0.875, hasCounterpart: true),
        ComparedFile(
            side: .a, path: WirePath("/s/a/bell".utf8), duration: 2, nearest: WirePath("/s/b/bd".utf8), distance: 1,
            score: 0.125, hasCounterpart: false),
        ComparedFile(
            side: .b, path: WirePath("/s/b/bd".utf8), duration: 0.5, nearest: WirePath("/s/a/kick".utf8),
            distance: 0.25,
            score: 0.75, hasCounterpart: true),
        ComparedFile(
            side: .b, path: WirePath(Array("/s/b/silence".utf8) + [0x80]), duration: 1, nearest: nil, distance: nil,
            score: nil, hasCounterpart: false),
    ]

    package func compare(
        _ parameters: Compare.Parameters, from peer: Peer, send: (Compare.Reply) throws -> Void
    ) throws -> Compare.Reply {
        try send(Compare.Reply(files: Array(Self.compared.prefix(2))))
        try send(Compare.Reply(progress: Progress(done: 2, total: 4)))
        return try answer(Compare.Reply(files: Array(Self.compared.suffix(2))))
    }

    package static let oddities = [
        OddSound(
            rank: 1, path: WirePath("/s/gong".utf8), duration: 3, nearest: WirePath("/s/bell".utf8), distance: 0.75,
            score: 0.0625)
    ]

    package func odd(
        _ parameters: Odd.Parameters, from peer: Peer, send: (Odd.Reply) throws -> Void
    ) throws -> Odd.Reply {
        try send(Odd.Reply(progress: Progress(done: 1, total: 2)))
        return try answer(Odd.Reply(results: Self.oddities))
    }

    /// What `explain` says, whatever the sounds are called.
    package static let explanation = Explain.Reply(
        a: ExplainedSound(
            path: WirePath("/s/a".utf8), inLibrary: true, duration: 0.5, frames: 20),
        b: ExplainedSound(
            path: WirePath("/s/b\n".utf8), inLibrary: false, duration: 1, frames: 9),
        model: "sha256:00",
        codes: CodeNearness(
            distance: 2.5, score: 0.998, hamming: 2, sharedBits: 3, a: TimeSpan(start: 0, end: 0.5),
            b: TimeSpan(start: 0.25, end: 0.75)),
        timbre: TimbreNearness(
            distance: 3.25, score: 0.25,
            groups: [
                DescriptorShare(name: "times", share: 0.8, difference: 2),
                DescriptorShare(name: "course", share: 0.25, difference: 1, words: "varies more"),
                DescriptorShare(name: "ripple", share: -0.05, difference: 0.5),
            ]), obstacle: nil,
        shared: [
            SharedCode(
                code: 7, files: 3, share: 0.012, a: CodePlace(frames: 12, start: 0),
                b: CodePlace(frames: 1, start: 0.5),
                example: CodeExample(path: WirePath("/s/c".utf8), start: 0.1, end: 0.4)),
            SharedCode(
                code: 1, files: 9, share: 0.5, a: CodePlace(frames: 2, start: 0.25),
                b: CodePlace(frames: 3, start: 0), example: nil),
        ],
        onlyA: [CodeCount(code: 3, frames: 6)], onlyB: [])

    package func explain(_ parameters: Explain.Parameters, from peer: Peer) throws -> Explain.Reply {
        explained.withLock { $0.append(parameters) }
        for case .file(let path) in [parameters.a.source, parameters.b.source] where knowsNone {
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        return try answer(Self.explanation)
    }

    /// What `look` says of a sound: four columns, the second silent, with code 7 and then code 1.
    package static let look = Look.Reply(
        inLibrary: true, duration: 0.1, model: "sha256:00", start: 0, step: 0.025,
        levels: Base64((0..<4).flatMap { column in (0..<100).map { column == 1 ? 0 : $0 == 40 ? 255 : 100 } }),
        cepstra: Base64((0..<4).flatMap { column in (0..<13).map { column == 1 || $0 > 0 ? 0 : 127 } }),
        codes: Base64([1, 0, 64, 64].flatMap { [UInt8($0)] + [UInt8](repeating: 0, count: 15) }),
        use: [CodeCount(code: 1, frames: 2), CodeCount(code: 7, frames: 1)],
        spans: [SpanCode(start: 0, end: 0.1, code: Base64([65] + [UInt8](repeating: 0, count: 15)))])

    package func look(_ parameters: Look.Parameters, from peer: Peer) throws -> Look.Reply {
        if knowsNone, case .file(let path) = parameters.sound.source {
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        return try answer(Self.look)
    }

    /// What `path` finds: a way over one file, of which the name is no text.
    package static let path = FindPath.Reply(
        model: "sha256:00", complete: true,
        steps: [
            PathStep(path: WirePath("/s/a".utf8), inLibrary: true, duration: 0.5, distance: 0, score: 1),
            PathStep(
                path: WirePath(Array("/s/m".utf8) + [0x80]), inLibrary: true, duration: 1, distance: 2.5, score: 0.75),
            PathStep(path: WirePath("/t/b".utf8), inLibrary: false, duration: 2, distance: 2.25, score: 0.8),
        ])

    package func findPath(_ parameters: FindPath.Parameters, from peer: Peer) throws -> FindPath.Reply {
        for case .file(let path) in [parameters.from.source, parameters.to.source] where knowsNone {
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        return try answer(Self.path)
    }

    /// What `map` has: a reply with one file, then one with another.
    package static let maps = [(number: UInt8(7), path: "/s/a"), (number: 9, path: "/s/b")].map { file in
        Map.Reply(
            state: .ready, progress: nil, version: "1-2", whole: true, learnt: 0, sounds: 2,
            points: Base64([file.number, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0, 1, 0, 0, 0, 0]),
            folders: file.number == 7 ? [WirePath("/s".utf8)] : [], paths: [WirePath(file.path.utf8)], gone: [])
    }

    package func map(
        _ parameters: Map.Parameters, from peer: Peer, send: (Map.Reply) throws -> Void
    ) throws -> Map.Reply {
        if failure == nil { try send(Self.maps[0]) }
        return try answer(Self.maps[1])
    }

    package func learnMap(from peer: Peer) throws -> LearnMap.Reply { try answer(LearnMap.Reply(version: "1-2")) }

    package func random(_ parameters: Random.Parameters, from peer: Peer) throws -> Random.Reply {
        try answer(Random.Reply(files: []))
    }

    package func list(
        _ parameters: List.Parameters, from peer: Peer, send: (List.Reply) throws -> Void
    ) throws -> List.Reply {
        for number in 0..<fileCount {
            try send(
                List.Reply(files: [FileItem(path: WirePath("/s/\(number)".utf8), id: number + 100, state: .indexed)]))
        }
        return try answer(List.Reply(files: []))
    }

    /// The events that `follow` tells, the last of which ends it.
    package static let events: [Follow.Reply] = {
        var found = Follow.Reply(.found, number: 8, time: 1.5)
        found.file = FileItem(path: WirePath("/s/a\n.wav".utf8), id: 3, state: .pending)
        return [Follow.Reply(.ready, number: 7, time: 1), found, Follow.Reply(.stopping, number: 8, time: 2)]
    }()

    /// As if the first file alone met every filter.
    package func numbers(
        _ parameters: Numbers.Parameters, from peer: Peer, send: (Numbers.Reply) throws -> Void
    ) throws -> Numbers.Reply {
        try answer(Numbers.Reply(numbers: [100], complete: true))
    }

    package func follow(
        _ parameters: Follow.Parameters, from peer: Peer, send: ([UInt8]) throws -> Void
    ) throws -> Follow.Reply {
        followed.withLock { $0.append(parameters) }
        for query in knowsNone ? parameters.like ?? [] : [] {
            guard case .file(let path) = query.source else { continue }
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        for event in Self.events.dropLast() { try send(VarlinkMethod.message(event)) }
        return try answer(Self.events[Self.events.count - 1])
    }

    package func changes(
        _ parameters: Changes.Parameters, from peer: Peer, send: (Changes.Reply) throws -> Void
    ) throws -> Changes.Reply {
        try answer(
            Changes.Reply(
                library: "00", model: "sha256:00", next: 1, history: "01", anew: true, last: true,
                directories: [Changes.Directory(id: 1, path: WirePath("/s".utf8))], files: [], gone: [2]))
    }

    package func vectors(_ parameters: Vectors.Parameters, from peer: Peer) throws -> Vectors.Reply {
        for case .file(let path) in parameters.queries.map(\.source) where knowsNone {
            throw LibraryError.notIndexed(path, state: nil, reason: "not in the library")
        }
        return try answer(
            Vectors.Reply(query: [], library: "00", model: "sha256:00", own: [], readings: [], codes: []))
    }

    package func distances(_ parameters: Distances.Parameters, from peer: Peer) throws -> Distances.Reply {
        try answer(Distances.Reply(distances: [], scores: [], least: 0.5))
    }

    package func info(_ file: WirePath, from peer: Peer) throws -> Info.Reply {
        try answer(
            Info.Reply(
                file: FileItem(path: file, state: .indexed, added: 0), modified: 0, codes: [], copies: [],
                attempts: 1))
    }

    package func status(from peer: Peer) throws -> Status.Reply {
        try answer(
            Status.Reply(
                version: "1", pid: 1, state: .idle, uptime: 1, files: FileCounts(), spans: 0, contents: 0, queue: 0,
                progress: nil, model: Self.model, folders: [Self.folder], watches: WatchCounts(used: 1, allowed: 2),
                overflows: 0, lastErrors: [], database: DatabaseFile(path: WirePath("/d".utf8), size: 1)))
    }

    package func errors(from peer: Peer, send: (Errors.Reply) throws -> Void) throws -> Errors.Reply {
        try answer(Errors.Reply(files: []))
    }

    package func retry(_ parameters: Retry.Parameters, from peer: Peer) throws -> Retry.Reply {
        try answer(Retry.Reply(queued: 0))
    }

    package func addFolder(_ folder: WirePath, from peer: Peer) throws -> Folder { try answer(Self.folder) }
    package func removeFolder(_ folder: WirePath, from peer: Peer) throws -> Folder { try answer(Self.folder) }
    package func listFolders(from peer: Peer) throws -> ListFolders.Reply {
        try answer(ListFolders.Reply(folders: [Self.folder]))
    }

    package func scan(_ parameters: Scan.Parameters, from peer: Peer) throws -> Scan.Reply {
        try answer(Scan.Reply(finished: parameters.wait))
    }

    package func sync(from peer: Peer) throws -> Sync.Reply { try answer(Sync.Reply(seconds: 0)) }
    package func pause(from peer: Peer) throws -> StateReply { try answer(StateReply(state: .paused)) }
    package func resume(from peer: Peer) throws -> StateReply { try answer(StateReply(state: .idle)) }
    package func reload(from peer: Peer) throws -> Reload.Reply { try answer(Reload.Reply(changed: [])) }

    package func retrain(
        _ parameters: Retrain.Parameters, from peer: Peer, send: (Retrain.Reply) throws -> Void
    ) throws -> Retrain.Reply {
        try send(Retrain.Reply(state: .running, stage: "training", progress: Progress(done: 1, total: 2)))
        return try answer(Retrain.Reply(state: .started))
    }

    package func listModels(from peer: Peer) throws -> ListModels.Reply {
        try answer(ListModels.Reply(models: [Self.model]))
    }
    package func showModel(_ choice: ModelChoice, from peer: Peer) throws -> ShowModel.Reply {
        try answer(ShowModel.Reply(model: Self.model, use: [1], quantisationError: nil))
    }
    package func useModel(_ choice: ModelChoice, from peer: Peer) throws -> Model { try answer(Self.model) }
    package func exportModel(_ choice: ModelChoice, from peer: Peer) throws -> ExportModel.Reply {
        try answer(ExportModel.Reply(model: Self.model, document: "{}"))
    }
    package func importModel(_ parameters: ImportModel.Parameters, from peer: Peer) throws -> Model {
        try answer(Self.model)
    }
    package static let evaluation: EvaluationOutcome = {
        let figure = EvaluationFigure(value: 0.5, low: 0.25, high: 0.75)
        return EvaluationOutcome(
            metric: .codes, model: "sha256:00", queries: 3, labels: 1, files: 4, skipped: 1, silent: 0, unknown: 2,
            unknownExamples: [WirePath("/s/u".utf8)],
            metrics: EvaluationFigures(p1: figure, p5: figure, p10: figure, map: figure, mrr: figure, ndcg10: figure),
            chance: 0.125, bestP5: 1, bestP10: 0.875,
            perLabel: [
                LabelFigures(label: "kick", queries: 3, p1: 0.5, p5: 0.5, p10: 0.5, map: 0.5, mrr: 0.5, ndcg10: 0.5)
            ], seconds: 1)
    }()

    package func evaluate(
        _ parameters: Evaluate.Parameters, from peer: Peer, send: (Evaluate.Reply) throws -> Void
    ) throws -> Evaluate.Reply {
        evaluated.withLock { $0.append(parameters) }
        try send(Evaluate.Reply(progress: Progress(done: 1, total: 2)))
        return try answer(Evaluate.Reply(outcome: Self.evaluation))
    }
    package static let duplicates = [
        DuplicateGroup(
            kind: .exact, wasted: 10,
            files: ["/s/a", "/s/b"].map {
                DuplicateFile(path: WirePath($0.utf8), size: 10, duration: 1, format: "WAV", content: "sha256:00")
            }),
        DuplicateGroup(
            kind: .near, wasted: 1500,
            files: [
                DuplicateFile(
                    path: WirePath("/s/c".utf8), size: 2000, duration: 1, format: "WAV", content: "sha256:01"),
                DuplicateFile(
                    path: WirePath("/s/d".utf8), size: 1500, duration: 1.1, format: "OGG", content: "sha256:02",
                    difference: 0.25, level: -6),
            ]),
    ]
    package func duplicates(
        _ parameters: Duplicates.Parameters, from peer: Peer, send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply {
        try send(Duplicates.Reply(groups: [Self.duplicates[0]]))
        try send(Duplicates.Reply(progress: Progress(done: 1, total: 2)))
        return try answer(Duplicates.Reply(groups: parameters.near ? [Self.duplicates[1]] : []))
    }
    package func verify(_ parameters: Verify.Parameters, from peer: Peer) throws -> Verify.Reply {
        try answer(Verify.Reply(queries: 1, differences: [], seconds: 0))
    }
    package func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply {
        try answer(Prune.Reply(pruned: !parameters.dryRun, files: 0, contents: 0, bytes: 0, examples: []))
    }
    package func backup(
        _ parameters: Backup.Parameters, from peer: Peer, send: (Backup.Reply) throws -> Void
    ) throws -> Backup.Reply {
        guard let file = peer.passed else { throw LibraryError.invalidParameter("file") }
        try send(Backup.Reply(progress: Progress(done: 1, total: 2)))
        _ = try file.writeAll("a library".utf8)
        return try answer(Backup.Reply(outcome: Backup.Outcome(files: 2, contents: 1)))
    }
    package func restore(
        _ parameters: Restore.Parameters, from peer: Peer, send: (Restore.Reply) throws -> Void
    ) throws -> Restore.Reply {
        guard peer.passed != nil else { throw LibraryError.invalidParameter("file") }
        try send(Restore.Reply(progress: Progress(done: 1, total: 2)))
        return try answer(
            Restore.Reply(
                outcome: Restore.Outcome(
                    files: 2, contents: 1, created: 0, version: "1", aside: WirePath("/state/aside".utf8))))
    }
    package func rebase(_ parameters: Rebase.Parameters, from peer: Peer) throws -> Rebase.Reply {
        try answer(
            Rebase.Reply(rebased: !parameters.dryRun, new: parameters.new, files: 4312, missing: 0, examples: []))
    }
}
