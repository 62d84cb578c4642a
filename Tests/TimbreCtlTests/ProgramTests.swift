import CommandOutput
import Glibc
import Synchronization
import SystemPackage
import TestLibrary
import TestServer
import TestSounds
import Testing
import TimbreWire
import Varlink

/// The real program, talking to a made-up library over a real socket.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ProgramTests {
    struct Ending: Equatable {
        var code: Int32
        var output: [UInt8]
        var complaint: String
    }

    /// `timbrectl`, which is built beside the tests' bundle.
    static let executable: FilePath = {
        let arguments = CommandLine.arguments
        let flag = arguments.firstIndex(of: "--test-bundle-path")
        let bundle = flag.map { arguments[$0 + 1] } ?? arguments[0]
        return FilePath(bundle).removingLastComponent().appending("timbrectl")
    }()

    /// Runs the program through the shell, which takes care of its three streams.
    func run(_ arguments: String, socket: FilePath = "/nowhere.sock", input: String = "/dev/null") throws -> Ending {
        try withFolder { folder in
            let (output, complaint) = (folder.appending("s.sock"), folder.appending("run"))
            let line =
                "TIMBRED_SOCKET='\(socket)' '\(Self.executable)' \(arguments) <'\(input)' >'\(output)' 2>'\(complaint)'"
            let status = unsafe system(line)
            return Ending(
                code: status >> 8 & 0xFF, output: try contents(of: output),
                complaint: String(decoding: try contents(of: complaint), as: UTF8.self))
        }
    }

    func contents(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = try unsafe piece.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                guard count > 0 else { return bytes }
                bytes += piece.prefix(count)
            }
        }
    }

    static let oddName = Array("/s/b\n".utf8) + [0x80]
    static let results = [Array("/s/a.wav".utf8), oddName].enumerated().map { index, name in
        SimilarResult(
            rank: index + 1, path: WirePath(name), distance: 0.5, score: 0.9, hamming: 2, start: 0, end: 0.5,
            duration: 1)
    }

    static let answers: [(String, [UInt8])] = [
        ("--format paths", Array("/s/a.wav\n".utf8) + oddName + [10]),
        ("-0", Array("/s/a.wav\0".utf8) + oddName + [0]),
        (
            "",
            Array(
                """
                score  distance  bits  length  file
                0.900     0.500     2  1.00 s  /s/a.wav
                0.900     0.500     2  1.00 s  /s/b\\n\\x80

                """.utf8)
        ),
        (
            "--format csv",
            Array(
                """
                path,start,end,score,distance,rank,hamming,duration,inside,path_bytes\r
                /s/a.wav,0.0,0.5,0.9,0.5,1,2,1.0,false,\r
                "/s/b
                \\x80",0.0,0.5,0.9,0.5,2,2,1.0,false,L3MvYgqA\r

                """.utf8)
        ),
        (
            "--segments --format m3u",
            Array(
                """
                #EXTM3U
                #EXTINF:1,a.wav @ 0.0
                #EXTVLCOPT:start-time=0.000
                #EXTVLCOPT:stop-time=0.500
                /s/a.wav
                #EXTINF:1,b\\n\\x80 @ 0.0
                #EXTVLCOPT:start-time=0.000
                #EXTVLCOPT:stop-time=0.500
                file:///s/b%0A%80

                """.utf8)
        ),
        (
            "--jsonl",
            Array(
                #"""
                {"distance":0.5,"duration":1,"end":0.5,"hamming":2,"path":"/s/a.wav","rank":1,"score":0.9,"start":0}
                {"distance":0.5,"duration":1,"end":0.5,"hamming":2,"path":"/s/b\n\\x80","path_bytes":"L3MvYgqA",\#
                "rank":2,"score":0.9,"start":0}

                """#.utf8)
        ),
    ]

    @Test("Prints what was found", arguments: answers)
    func formats(arguments: String, expected: [UInt8]) throws {
        try withServer(FakeLibrary(results: Self.results)) { socket in
            let ending = try run("similar /etc/hostname \(arguments)", socket: socket)
            #expect(ending == Ending(code: 0, output: expected, complaint: ""))
        }
    }

    @Test func nothingFoundIsOne() throws {
        try withServer(FakeLibrary()) { socket in
            let ending = try run("similar /etc/hostname", socket: socket)
            #expect(ending == Ending(code: 1, output: [], complaint: "timbrectl: similar: nothing is found\n"))
        }
    }

    @Test func hearsAFileThatTheLibraryDoesNotHave() throws {
        let wave = WaveFile(sine(440, count: 22_050, rate: 22_050), rate: 22_050)
        let sound = try TemporaryFile(wave.bytes)
        let library = FakeLibrary(results: Self.results, knowsNone: true)
        try withServer(library) { socket in
            let ending = try run(
                "similar - --format paths", socket: socket, input: "/proc/\(getpid())/fd/\(sound.descriptor.rawValue)")
            #expect(ending.code == 0, "\(ending.complaint)")
        }
        let asked = library.asked.withLock { $0.last }
        guard case .features(let features, _) = asked?.queries.first?.source else {
            Issue.record("no features came")
            return
        }
        #expect(features.sampleCount == 22_050)
        #expect(features.duration == 1)
        // 1 + ceil((22050 - 1024) / 512) frames of 30 bytes.
        #expect(features.cepstra.bytes.count == 43 * 30)
        // In the other phase there are 256 samples more: as many frames.
        #expect(features.shiftedBands?.bytes.count == 43 * 104)
        #expect(features.shiftedBands != features.bands)
    }

    @Test func evaluatesByATable() throws {
        let table = try TemporaryFile(Array("path,kind,group,pitch\na.wav,kick,x,\n/s/b.wav,tom,,C4\n".utf8))
        let library = FakeLibrary()
        try withServer(library) { socket in
            let ending = try run(
                "evaluate --labels /proc/\(getpid())/fd/\(table.descriptor.rawValue) --by kind --root /none --seed 3 "
                    + "--exclude-same group --exclude-same pitch --per-label 4 --under /tmp --metric codes",
                socket: socket)
            #expect(ending.code == 0, "\(ending.complaint)")
        }
        let asked = library.evaluated.withLock { $0.last }
        #expect(
            asked
                == Evaluate.Parameters(
                    metric: .codes,
                    labels: [
                        FileLabel(path: WirePath("/none/a.wav".utf8), label: "kick", group: "x"),
                        FileLabel(path: WirePath("/s/b.wav".utf8), label: "tom", pitch: "C4"),
                    ], excludeSame: [.group, .pitch], under: WirePath("/tmp".utf8), queries: 4, seed: 3))
    }

    @Test func hearsBothSoundsThatAreToBeExplained() throws {
        let sound = try TemporaryFile(WaveFile(sine(440, count: 22_050, rate: 22_050), rate: 22_050).bytes)
        let path = "/proc/\(getpid())/fd/\(sound.descriptor.rawValue)"
        let library = FakeLibrary(knowsNone: true)
        try withServer(library) { socket in
            let ending = try run("explain \(path) - --at 0.2-0.7", socket: socket, input: path)
            #expect(ending.code == 0, "\(ending.complaint)")
            #expect(library.explained.withLock { $0.last }?.at == TimeSpan(start: 0.2, end: 0.7))
            #expect(try run("explain /etc/passwd \(path)", socket: socket).code == 65)
            #expect(try run("explain \(path) /etc/no-such-file", socket: socket).code == 66)
        }
    }

    @Test func drawsASoundWhereverItLies() throws {
        let sound = try TemporaryFile(WaveFile(sine(440, count: 22_050, rate: 22_050), rate: 22_050).bytes)
        let path = "/proc/\(getpid())/fd/\(sound.descriptor.rawValue)"
        try withServer(FakeLibrary(knowsNone: true)) { socket in
            let ending = try run("plot - --width 60", socket: socket, input: path)
            #expect(ending.code == 0, "\(ending.complaint)")
            let lines = String(decoding: ending.output, as: UTF8.self).split(separator: "\n")
            #expect(lines[0] == "standard input")
            #expect(lines[1] == "0.10 s, 22050 Hz, mono" && lines[2].hasSuffix("waveform, peak 0.0 dB"))
            #expect(ending.complaint.isEmpty && !ending.output.contains(0x1B))
            #expect(try run("plot \(path) /etc/passwd", socket: socket).code == 65)
            #expect(try run("plot \(path) /etc/no-such-file", socket: socket).code == 66)
        }
        // The library knows a file that this person cannot read: it is drawn without its waveform, and that is said.
        try withServer(FakeLibrary()) { socket in
            let ending = try run("plot /nowhere/a.wav", socket: socket)
            #expect(ending.code == 0)
            #expect(ending.complaint.hasPrefix("timbrectl: /nowhere/a.wav: "))
            #expect(ending.complaint.hasSuffix("; how loud it is is drawn in place of its waveform\n"))
            #expect(String(decoding: ending.output, as: UTF8.self).contains("level, at most 0.0 dB"))
            let bands = try run("plot /nowhere/a.wav /nowhere/b.wav --only bands", socket: socket)
            #expect(bands.complaint.isEmpty && !String(decoding: bands.output, as: UTF8.self).contains("codes"))
        }
    }

    @Test func writesPicturesToFiles() throws {
        try withServer(FakeLibrary(results: Self.results)) { socket in
            try withFolder { folder in
                for (name, start) in [("a.svg", Array("<svg ".utf8)), ("a.png", [0x89, 0x50, 0x4E, 0x47])] {
                    let file = folder.appending(name)
                    let ending = try run("plot /s/a /s/b --only bands,codes -o '\(file)'", socket: socket)
                    #expect(ending == Ending(code: 0, output: [], complaint: ""))
                    #expect(try contents(of: file).starts(with: start))
                    try write(Array("mine".utf8), to: file)
                    let refused = try run("plot /s/a --only bands -o '\(file)'", socket: "/nowhere")
                    #expect(refused.code == 64)
                    #expect(refused.complaint.hasSuffix("there is such a file; --force replaces it\n"))
                    #expect(try contents(of: file) == Array("mine".utf8))
                    // What fails leaves what is there.
                    #expect(try run("plot /s/a --only bands --force -o '\(file)'", socket: "/nowhere").code == 69)
                    #expect(try contents(of: file) == Array("mine".utf8))
                    #expect(try run("plot /s/a --only bands --force -o '\(file)'", socket: socket).code == 0)
                    #expect(try contents(of: file).starts(with: start))
                }
                let nowhere = try run("plot /s/a --only bands -o '\(folder)/none/a.svg'", socket: socket)
                #expect(nowhere.code == 66 && nowhere.complaint.split(separator: "\n").count == 1)
            }
            let strips = try run("similar /etc/passwd --plot", socket: socket)
            let lines = String(decoding: strips.output, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            // Headings, then a row and four lines for each of two results, and what follows the last line feed.
            #expect(strips.code == 0 && lines.count == 1 + 2 * 5 + 1)
            #expect(lines[2].hasPrefix("   ") && lines[6].hasSuffix("/s/b\\n\\x80"))
        }
    }

    @Test func cutsPlacesOutOfRecordings() throws {
        let wave = WaveFile(noise(66_150, seed: 3), rate: 22_050)
        try withFolder { folder in
            let (tape, cut) = (folder.appending("tape.wav"), folder.appending("cut"))
            try write(wave.bytes, to: tape)
            /// What a cut from one sample to another is.
            func part(_ range: Range<Int>) -> [UInt8] {
                WaveFile([], rate: 22_050, promised: UInt32(2 * range.count)).bytes
                    + wave.bytes[44 + 2 * range.lowerBound..<44 + 2 * range.upperBound]
            }
            #expect(try run("cut '\(tape)' 1-1.5 -o -").output == part(22_050..<33_075))
            #expect(try run("cut '\(tape)' 1-1.5 -o /dev/stdout --force").output == part(22_050..<33_075))
            #expect(try run("cut '\(tape)' 1-1.5 --margin 2 -o -").output == part(0..<66_150))
            let rows = [(0.5, 1.0), (9, 10), (2, 9)].map {
                "{\"path\":\"\(tape)\",\"start\":\($0.0),\"end\":\($0.1),\"rank\":1}\n"
            }
            let input = folder.appending("rows")
            try write(Array(rows.joined().utf8), to: input)
            let ending = try run("cut - -d '\(cut)'", input: input.string)
            let names = ["tape 0h00m00.5s.wav", "tape 0h00m02.0s.wav"].map { cut.appending($0) }
            // The second place is behind the end; the others are cut all the same.
            #expect(ending.code == 64)
            #expect(
                ending.complaint
                    == "timbrectl: \(tape): there is nothing from 9.0 on: the sound ends at 3.0\n"
                    + "timbrectl: cut: \(tape) ends at 3.00 s, before 9.00 s: what was written is shorter\n")
            #expect(ending.output == Array(names.map { "\($0)\n" }.joined().utf8))
            #expect(try contents(of: names[0]) == part(11_025..<22_050))
            #expect(try contents(of: names[1]) == part(44_100..<66_150))
            let again = try run("cut '\(tape)' 2-2.5 -d '\(cut)'")
            #expect(again.code == 64 && again.complaint.contains("--force"))
            #expect(try run("cut '\(tape)' 2-2.5 -d '\(cut)' --force --json").code == 0)
            #expect(try contents(of: names[1]) == part(44_100..<55_125))
            #expect(try run("cut /etc/passwd 0-1 -o '\(folder)/x.wav'").code == 65)
            #expect(try run("cut /no/such 0-1 -o '\(folder)/x.wav'").code == 66)
            #expect(try run("cut - -d '\(cut)'").code == 1)
            #expect(try run("cut '\(tape)' 0-1 -o '\(folder)'").complaint.hasSuffix(": a folder; -d takes one\n"))
            #expect(try run("cut '\(tape)' 0-1 -o '\(folder)/none/x.wav'").code == 66)
            #expect(unsafe access("\(folder)/x.wav", F_OK) != 0)
        }
    }

    @Test func whatIsNotASoundIs65() throws {
        try withServer(FakeLibrary(knowsNone: true)) { socket in
            let ending = try run("similar /etc/passwd", socket: socket)
            #expect(ending.code == 65)
            #expect(ending.complaint.hasPrefix("timbrectl: /etc/passwd: "))
            #expect(ending.complaint.split(separator: "\n").count == 1)
            #expect(try run("similar /etc/no-such-file", socket: socket).code == 66)
            #expect(try run("similar /no/such/folder", socket: socket).code == 66)
        }
    }

    @Test(
        "Ends as the contract says",
        arguments: [
            ("status", 3), ("status --json", 3), ("list", 69), ("similar /etc/passwd", 69), ("frob", 64),
            ("similar", 64),
            ("prune", 64), ("--version", 0), ("--help", 0), ("similar --help", 0),
            ("--generate-completion-script bash", 0), ("help watch", 0),
        ])
    func endings(arguments: String, code: Int32) throws {
        let ending = try run(arguments)
        #expect(ending.code == code)
        #expect(ending.complaint.split(separator: "\n").count == (code == 0 || arguments == "status --json" ? 0 : 1))
    }

    @Test func noDaemonIsNotAnErrorForWhoAsksInJSON() throws {
        #expect(try run("status --json").output == Array("{\"running\":false}\n".utf8))
    }

    @Test func notPermittedIs77() throws {
        try withServer(FakeLibrary(failure: VarlinkError.permissionDenied)) { socket in
            let ending = try run("pause", socket: socket)
            #expect(ending.code == 77)
        }
    }

    @Test(
        "Every verb asks and answers in JSON",
        arguments: [
            "status", "list", "info /s/a", "errors", "retry", "watch list", "watch add /tmp", "watch remove /tmp",
            "scan",
            "scan /tmp --wait", "sync", "pause", "resume", "reload", "retrain", "retrain --dry-run", "model list",
            "model show", "model use 1", "errors --group", "verify", "prune --yes", "prune --dry-run",
            "similar /etc/passwd",
            "model import /etc/hostname", "explain /etc/passwd /etc/hostname", "evaluate",
            "evaluate --exclude-same folder --under /tmp", "plot /etc/passwd --json", "duplicates",
            "duplicates --near --under /tmp", "rebase /s /tmp", "rebase /s /tmp -n",
        ])
    func json(arguments: String) throws {
        try withServer(FakeLibrary(results: Self.results)) { socket in
            let ending = try run("\(arguments) --json", socket: socket)
            #expect(ending.code == 0, "\(ending.complaint)")
            #expect(ending.output.first == UInt8(ascii: "{") && ending.output.suffix(2) == Array("}\n".utf8))
            #expect(ending.output.split(separator: 10).count == 1)
            #expect(try run(arguments, socket: socket).code == 0)
        }
    }
}
