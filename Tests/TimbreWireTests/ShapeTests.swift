import TestLibrary
import Testing
import TimbreWire
import Varlink

/// The JSON that scripts rely on.
struct ShapeTests {
    func text(_ value: some Encodable) throws -> String { String(decoding: try JSON.encode(value), as: UTF8.self) }

    @Test func aSimilarReply() throws {
        let reply = Similar.Reply(
            query: [QueryEcho(path: WirePath("/home/a/kick.wav".utf8), inLibrary: true, duration: 0.42)],
            metric: .codes, model: "sha256:00", complete: true,
            results: [
                SimilarResult(
                    rank: 1, path: WirePath("/home/a/Samples/k2.wav".utf8), distance: 0.031, score: 0.97, hamming: 2,
                    start: 0, end: 0.42, duration: 0.42)
            ])
        #expect(
            try text(reply) == """
                {"complete":true,"metric":"codes","model":"sha256:00","near":true,\
                "query":[{"duration":0.42,"in_library":true,"path":"/home/a/kick.wav"}],\
                "results":[{"distance":0.031,"duration":0.42,"end":0.42,"hamming":2,\
                "path":"/home/a/Samples/k2.wav","rank":1,"score":0.97,"start":0}]}
                """)
        #expect(try JSON.decode(Similar.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func anEmptyAnswer() throws {
        let reply = Random.Reply(
            files: [],
            nothing: EmptyAnswer(
                files: 5515,
                filters: [FilterCount(.under, files: 40), FilterCount(.glob, files: 0, ignoringCase: 3)], left: 0,
                offline: 2, distance: 0.5, score: 0.25))
        #expect(
            try text(reply) == """
                {"files":[],"nothing":{"distance":0.5,"files":5515,"filters":[{"condition":"under","files":40},\
                {"condition":"glob","files":0,"ignoring_case":3}],"left":0,"offline":2,"score":0.25}}
                """)
        #expect(try JSON.decode(Random.Reply.self, from: JSON.encode(reply)) == reply)
        #expect(
            FilterCount.Condition.allCases.map(\.rawValue)
                == [
                    "under", "not_under", "glob", "min_duration", "max_duration", "channels", "since", "tags",
                    "min_bpm",
                    "max_bpm", "key", "min_length", "max_length", "loop", "contrasts",
                ])
    }

    @Test func aFilter() throws {
        let filter = FileFilter(
            under: WirePath("/s".utf8), notUnder: [WirePath("/s/x".utf8), WirePath([0x2F, 0x80])], maxDuration: 2)
        #expect(
            try text(filter) == #"""
                {"max_duration":2,"not_under":[{"path":"/s/x"},{"path":"/\\x80","path_bytes":"L4A="}],"under":"/s"}
                """#)
        #expect(try JSON.decode(FileFilter.self, from: JSON.encode(filter)) == filter)
    }

    @Test func aComparison() throws {
        let reply = Compare.Reply(files: Array(FakeLibrary.compared[1...3]))
        #expect(
            try text(reply) == #"""
                {"files":[{"distance":1,"duration":2,"has_counterpart":false,"nearest":{"path":"/s/b/bd"},\#
                "path":"/s/a/bell","score":0.125,"side":"a"},\#
                {"distance":0.25,"duration":0.5,"has_counterpart":true,"nearest":{"path":"/s/a/kick"},\#
                "path":"/s/b/bd","score":0.75,"side":"b"},\#
                {"duration":1,"has_counterpart":false,"path":"/s/b/silence\\x80","path_bytes":"L3MvYi9zaWxlbmNlgA==",\#
                "side":"b"}]}
                """#)
        #expect(try JSON.decode(Compare.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func oddities() throws {
        let reply = Odd.Reply(progress: Progress(done: 1, total: 2), results: FakeLibrary.oddities)
        #expect(
            try text(reply) == """
                {"progress":{"done":1,"total":2},"results":[{"distance":0.75,"duration":3,"nearest":{"path":"/s/bell"},\
                "path":"/s/gong","rank":1,"score":0.0625}]}
                """)
        #expect(try JSON.decode(Odd.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func anExplanation() throws {
        let reply = FakeLibrary.explanation
        #expect(
            try text(reply) == #"""
                {"a":{"duration":0.5,"frames":20,"in_library":true,"path":"/s/a"},\#
                "b":{"duration":1,"frames":9,"in_library":false,"path":"/s/b\n"},\#
                "codes":{"a":{"end":0.5,"start":0},"b":{"end":0.75,"start":0.25},"distance":2.5,"hamming":2,\#
                "score":0.998,"shared_bits":3},"model":"sha256:00","only_a":[{"code":3,"frames":6}],"only_b":[],\#
                "shared":[{"a":{"frames":12,"start":0},"b":{"frames":1,"start":0.5},"code":7,\#
                "example":{"end":0.4,"path":"/s/c","start":0.1},"files":3,"share":0.012},\#
                {"a":{"frames":2,"start":0.25},"b":{"frames":3,"start":0},"code":1,"files":9,"share":0.5}],\#
                "timbre":{"distance":3.25,"groups":[{"difference":2,"name":"times","share":0.8},\#
                {"difference":1,"name":"course","share":0.25,"words":"varies more"},\#
                {"difference":0.5,"name":"ripple","share":-0.05}],"score":0.25}}
                """#)
        #expect(try JSON.decode(Explain.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func aLook() throws {
        let reply = Look.Reply(
            inLibrary: true, duration: 0.1, model: "sha256:00", start: 0, step: 0.025, levels: Base64([1, 2, 3]),
            cepstra: Base64([4, 5, 6]), codes: Base64([7, 8, 9]), use: [CodeCount(code: 1, frames: 2)],
            spans: [SpanCode(start: 0, end: 0.1, code: Base64([65, 0, 0]))])
        #expect(
            try text(reply) == #"""
                {"cepstra":"BAUG","codes":"BwgJ","duration":0.1,"in_library":true,"levels":"AQID","model":"sha256:00",\#
                "spans":[{"code":"QQAA","end":0.1,"start":0}],"start":0,"step":0.025,"use":[{"code":1,"frames":2}]}
                """#)
        #expect(try JSON.decode(Look.Reply.self, from: JSON.encode(FakeLibrary.look)) == FakeLibrary.look)
    }

    @Test func aPath() throws {
        #expect(
            try text(FakeLibrary.path) == #"""
                {"complete":true,"model":"sha256:00","steps":[\#
                {"distance":0,"duration":0.5,"in_library":true,"path":"/s/a","score":1},\#
                {"distance":2.5,"duration":1,"in_library":true,"path":"/s/m\\x80","path_bytes":"L3MvbYA=","score":0.75},\#
                {"distance":2.25,"duration":2,"in_library":false,"path":"/t/b","score":0.8}]}
                """#)
        #expect(try JSON.decode(FindPath.Reply.self, from: JSON.encode(FakeLibrary.path)) == FakeLibrary.path)
    }

    @Test func aMap() throws {
        let reply = FakeLibrary.maps[0]
        #expect(
            try text(reply) == #"""
                {"folders":[{"path":"/s"}],"gone":[],"learnt":0,"paths":[{"path":"/s/a"}],\#
                "points":"BwAAAAAAAAD+/wABAAAAAA==","sounds":2,"state":"ready","version":"1-2","whole":true}
                """#)
        #expect(try JSON.decode(Map.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func aListItem() throws {
        let item = FileItem(
            path: WirePath(Array("/s/bad".utf8) + [0x80]), state: .indexed, size: 88_244, duration: 1,
            sampleRate: 44_100, channels: 1, format: "WAV, 16 bit PCM", content: "sha256:11", spans: 2,
            model: "sha256:00")
        #expect(
            try text(item) == #"""
                {"channels":1,"content":"sha256:11","duration":1,"format":"WAV, 16 bit PCM","model":"sha256:00",\#
                "path":"/s/bad\\x80","path_bytes":"L3MvYmFkgA==","sample_rate":44100,"size":88244,"spans":2,\#
                "state":"indexed"}
                """#)
        #expect(
            try text(FileItem(path: WirePath("/s/x".utf8), state: .failed, size: 0, error: "empty"))
                == #"{"error":"empty","path":"/s/x","size":0,"state":"failed"}"#)
    }

    @Test func anInfoReplyHasTheItemsMembersAndItsOwn() throws {
        let reply = Info.Reply(
            file: FileItem(path: WirePath("/s/a".utf8), state: .indexed, added: 1), modified: nil,
            codes: [
                ModelCodes(
                    model: "sha256:00",
                    spans: [SpanCode(start: 0, end: 0.5, code: Base64([UInt8](repeating: 1, count: 16)))])
            ], copies: [WirePath("/s/b".utf8)], attempts: 1)
        #expect(
            try text(reply) == """
                {"added":1,"attempts":1,"codes":[{"model":"sha256:00","spans":[\
                {"code":"AQEBAQEBAQEBAQEBAQEBAQ==","end":0.5,"start":0}]}],"copies":[{"path":"/s/b"}],\
                "path":"/s/a","state":"indexed"}
                """)
        #expect(try JSON.decode(Info.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func aStatusReply() throws {
        let reply = Status.Reply(
            version: "1", pid: 7, state: .idle, uptime: 2.5, files: FileCounts(indexed: 3), spans: 4, contents: 3,
            queue: 0, progress: Progress(done: 1, total: 2), model: nil,
            folders: [
                Folder(path: WirePath("/s".utf8), mode: .polling, reason: "nfs", files: 3, origin: .config)
            ], watches: WatchCounts(used: 1, allowed: 8), overflows: 0, lastErrors: [],
            database: DatabaseFile(path: WirePath("/d".utf8), size: 9), decoded: 3, recognized: 1, workers: [12])
        #expect(
            try text(reply) == """
                {"contents":3,"database":{"path":"/d","size":9},"decoded":3,\
                "files":{"failed":0,"indexed":3,"offline":0,"pending":0,"skipped":0},\
                "folders":[{"files":3,"mode":"polling","origin":"config","path":"/s","reason":"nfs"}],\
                "last_errors":[],"overflows":0,"pid":7,"progress":{"done":1,"total":2},"queue":0,"recognized":1,"spans":4,\
                "state":"idle","uptime":2.5,"version":"1","watches":{"allowed":8,"used":1},"workers":[12]}
                """)
    }

    @Test func anEvaluation() throws {
        let figure = EvaluationFigure(value: 0.5, low: 0.25, high: 0.75)
        let reply = Evaluate.Reply(
            outcome: EvaluationOutcome(
                metric: .codes, model: "sha256:00", queries: 4, labels: 1, files: 5, skipped: 1, silent: 2, unknown: 1,
                unknownExamples: [WirePath("/s/a".utf8)],
                metrics: EvaluationFigures(
                    p1: figure, p5: figure, p10: figure, map: figure, mrr: figure, ndcg10: figure),
                chance: 0.125, bestP5: 1, bestP10: 0.5,
                perLabel: [
                    LabelFigures(label: "kick", queries: 4, p1: 1, p5: 2, p10: 3, map: 4, mrr: 5, ndcg10: 6)
                ], seconds: 2))
        let shown = #"{"high":0.75,"low":0.25,"value":0.5}"#
        #expect(
            try text(reply) == #"{"outcome":{"best_p10":0.5,"best_p5":1,"chance":0.125,"files":5,"labels":1,"#
                + #""metric":"codes","metrics":{"map":\#(shown),"mrr":\#(shown),"ndcg10":\#(shown),"p1":\#(shown),"#
                + #""p10":\#(shown),"p5":\#(shown)},"model":"sha256:00","per_label":[{"label":"kick","map":4,"mrr":5,"#
                + #""ndcg10":6,"p1":1,"p10":3,"p5":2,"queries":4}],"queries":4,"seconds":2,"silent":2,"skipped":1,"#
                + #""unknown":1,"unknown_examples":[{"path":"/s/a"}]}}"#)
        #expect(try JSON.decode(Evaluate.Reply.self, from: JSON.encode(reply)) == reply)
    }

    @Test func aGroupOfDuplicates() throws {
        let reply = Duplicates.Reply(groups: [
            DuplicateGroup(
                kind: .near, wasted: 7,
                files: [
                    DuplicateFile(
                        path: WirePath("/s/a".utf8), size: 9, duration: 1.5, format: "WAV", content: "sha256:00"),
                    DuplicateFile(
                        path: WirePath([0x2F, 0x80]), size: 7, duration: nil, format: nil, content: "sha256:01",
                        difference: 0.25, level: -6),
                ])
        ])
        #expect(
            try text(reply) == #"{"groups":[{"files":[{"content":"sha256:00","duration":1.5,"format":"WAV","#
                + #""path":"/s/a","size":9},{"content":"sha256:01","difference":0.25,"level":-6,"path":"/\\x80","#
                + #""path_bytes":"L4A=","size":7}],"kind":"near","wasted":7}]}"#)
        #expect(try JSON.decode(Duplicates.Reply.self, from: JSON.encode(reply)) == reply)
        let parameters = Duplicates.Parameters(near: true, under: WirePath("/s".utf8))
        #expect(try text(parameters) == #"{"near":true,"under":"/s"}"#)
        #expect(try JSON.decode(Duplicates.Parameters.self, from: Array("{}".utf8)) == Duplicates.Parameters())
    }

    @Test func aLabelKeepsItsBytes() throws {
        let parameters = Evaluate.Parameters(
            labels: [FileLabel(path: WirePath([0x2F, 0x80]), label: "kick", pitch: "C4")],
            excludeSame: [.pitch, .group],
            under: WirePath("/s".utf8), queries: 3)
        #expect(
            try text(parameters) == #"{"exclude_same":["pitch","group"],"labels":[{"label":"kick","path":"/\\x80","#
                + #""path_bytes":"L4A=","pitch":"C4"}],"queries":3,"under":"/s"}"#)
        #expect(try JSON.decode(Evaluate.Parameters.self, from: JSON.encode(parameters)) == parameters)
    }

    @Test func aSwitchThatIsOffIsLeftOut() throws {
        let parameters = Similar.Parameters(queries: [QuerySound(.code([UInt8](repeating: 0, count: 16)))])
        #expect(try text(parameters) == #"{"queries":[{"code":"AAAAAAAAAAAAAAAAAAAAAA=="}]}"#)
        #expect(try text(List.Parameters(directory: nil, all: true)) == #"{"all":true}"#)
        #expect(try JSON.decode(List.Parameters.self, from: Array("{}".utf8)) == List.Parameters())
    }

    @Test func aContrastIsADirectionAndAnAmount() throws {
        let contrasts = [Contrast(.softerAttack, amount: 2), Contrast(.sameKey)]
        #expect(try text(contrasts) == #"[{"amount":2,"direction":"softer_attack"},{"direction":"same_key"}]"#)
        #expect(try JSON.decode([Contrast].self, from: JSON.encode(contrasts)) == contrasts)
        for direction in Contrast.Direction.allCases {
            #expect(direction.opposite?.opposite == direction || direction == .sameKey)
            #expect(direction.unit?.amounts.contains(direction.noticed) ?? true)
        }
    }

    @Test func figuresWithoutAPitchSayNothingOfOne() throws {
        let figures = Figures(brightness: 500, noisiness: 0.25, attack: 0.5, length: 2, decay: 1)
        #expect(
            try text(figures) == #"{"attack":0.5,"brightness":500,"decay":1,"length":2,"noisiness":0.25}"#)
        let pitched = Figures(
            brightness: 500, noisiness: 0.25, attack: 0.5, length: 2, decay: 1, pitch: 32.5, pitchConfidence: 0.75,
            note: "C1")
        #expect(
            try text(pitched) == #"{"attack":0.5,"brightness":500,"decay":1,"length":2,"noisiness":0.25,"note":"C1","#
                + #""pitch":32.5,"pitch_confidence":0.75}"#)
        #expect(try JSON.decode(Figures.self, from: JSON.encode(pitched)) == pitched)
    }

    @Test func aFilterKeepsItsBytes() throws {
        let filter = FileFilter(under: WirePath([0x2F, 0x80]), glob: WirePath([0x2A, 0x81]), minDuration: 1)
        let back = try JSON.decode(FileFilter.self, from: JSON.encode(filter))
        #expect(back.under?.bytes == [0x2F, 0x80])
        #expect(back.glob?.bytes == [0x2A, 0x81])
        #expect(try text(FileFilter(under: WirePath("/a".utf8))) == #"{"under":"/a"}"#)
    }
}
