import Glibc
import Platform
import SystemPackage
import Testing

@testable import FolderWatch

struct NameFilterTests {
    let filter = NameFilter(exclude: [NamePattern("old*"), NamePattern("[0-9]?.aif")])

    @Test(
        "Names of audio files are candidates",
        arguments: [
            "a.wav", "A.WAV", "a.b.Flac", "x.aiff", "x.AIFC", "x.ogg", "x.opus", "x.mp3", "x.au", "x.snd", "x.caf",
            "x.w64",
            "x.rf64", "x.8svx", "x.m4a", "x.wma", "Old.wav", "part.wav",
        ])
    func takes(name: String) throws {
        #expect(filter.verdict(try component(Array(name.utf8))) == .candidate)
    }

    @Test(
        "Temporary names are left out, with the pattern",
        arguments: [
            ("x.wav.part", "*.part"), ("x.wav.PARTIAL", "*.partial"), ("x.wav.crdownload", "*.crdownload"),
            ("x.tmp", "*.tmp"), ("x.wav~", "*~"), ("~x.wav", "~*"), ("#x.wav#", "#*#"), (".~lock.x.wav#", ".~lock.*"),
            (".syncthing.x.wav.tmp", ".syncthing.*.tmp"), ("~syncthing~x.wav.tmp", "~syncthing~*.tmp"),
            ("x.wav.filepart", "*.filepart"), ("x.wav.!ut", "*.!ut"), ("x.wav.aria2", "*.aria2"),
            (".x.wav.swp", "*.swp"),
        ])
    func leaves(name: String, pattern: String) throws {
        #expect(
            filter.verdict(try component(Array(name.utf8)))
                == .left(reason: "its name matches the temporary-file pattern \(pattern)"))
    }

    @Test func otherNamesAreLeftOutWithTheReason() throws {
        #expect(filter.verdict("notes.txt") == .left(reason: "its extension is not that of an audio format"))
        #expect(filter.verdict("wav") == .left(reason: "its extension is not that of an audio format"))
        #expect(filter.verdict(".kick.wav") == .left(reason: "it is hidden"))
        #expect(filter.verdict("old kick.wav") == .left(reason: "its name matches the excluded pattern old*"))
        #expect(filter.verdict("01.aif") == .left(reason: "its name matches the excluded pattern [0-9]?.aif"))
        // The name that rsync gives to what it has not finished.
        #expect(filter.verdict(".kick.wav.aB3dE9") != .candidate)
    }

    @Test func directoriesAreLeftOutByTheUsersPatternsAndIfHidden() {
        #expect(filter.verdict(directory: "kit") == .candidate)
        #expect(filter.verdict(directory: "~favourites") == .candidate)
        #expect(filter.verdict(directory: "old kits") == .left(reason: "its name matches the excluded pattern old*"))
        #expect(filter.verdict(directory: ".git") == .left(reason: "it is hidden"))
        #expect(
            filter.verdict("/r/old kits/x.wav", below: "/r")
                == .left(reason: "of its directory old kits: its name matches the excluded pattern old*"))
        #expect(filter.verdict("/r/kits/x.wav", below: "/r") == .candidate)
    }

    @Test(
        "Bins, snapshots and what systems keep beside files are left out",
        arguments: [
            "$RECYCLE.BIN", "$Recycle.Bin", "#recycle", "@eaDir", "#snapshot", ".Trash-1000", "__MACOSX", "lost+found",
            "System Volume Information", ".snapshots",
        ])
    func systemFolders(name: String) throws {
        guard case .left(let reason) = filter.verdict(directory: try component(Array(name.utf8))) else {
            Issue.record("\(name) is entered")
            return
        }
        #expect(!reason.contains("hidden"))
        let folder = FilePath("/r").appending(name)
        #expect(filter.verdict(folder.appending("x.wav"), below: "/r") != .candidate)
        #expect(!filter.enters(folder, below: "/r"))
        // Who names such a folder wants it.
        #expect(filter.enters(folder, below: folder))
    }

    @Test func filmsAreLeftOutUnlessTheirExtensionIsNamed() throws {
        let wanted = NameFilter(video: ["mp4"])
        for name in ["a.mp4", "a.MP4"] {
            #expect(wanted.verdict(try component(Array(name.utf8))) == .candidate)
            #expect(wanted.isCandidate(file: Array(name.utf8)))
            guard case .left(let reason) = filter.verdict(try component(Array(name.utf8))) else {
                Issue.record("\(name) is a candidate")
                continue
            }
            #expect(reason.contains("film") && !filter.isCandidate(file: Array(name.utf8)))
        }
        #expect(wanted.verdict(try component(Array("a.mkv".utf8))) != .candidate)
        #expect(wanted != NameFilter() && wanted == NameFilter(video: ["mp4"]))
    }

    @Test func archivesAreCandidatesUnlessNobodyWantsThem() throws {
        let without = NameFilter(archives: false)
        for name in ["a.zip", "b.TAR.GZ", "c.7z"].map({ Array($0.utf8) }) {
            #expect(filter.verdict(try component(name)) == .candidate && filter.isCandidate(file: name))
            #expect(
                without.verdict(try component(name))
                    == .left(reason: "it is an archive, and archives in timbred.toml is false"))
            #expect(!without.isCandidate(file: name) && !without.isMissed(name, kind: .file))
        }
        for name in [".a.zip", "a.zip.part", "~a.zip"].map({ Array($0.utf8) }) {
            #expect(!filter.isCandidate(file: name))
        }
        #expect(without != NameFilter())
        #expect(filter.soundExtensions.contains(Array("wav".utf8)))
    }

    @Test("Names that are only like them are entered", arguments: ["recycle", "Trash", "snapshot", "eaDir", "lost"])
    func otherFolders(name: String) throws {
        #expect(filter.verdict(directory: try component(Array(name.utf8))) == .candidate)
    }

    @Test func whetherANameIsACandidateIsWhatItsVerdictSays() {
        var generator = SystemRandomNumberGenerator()
        let parts = [
            "a", "old", "~", "#", ".", ".wav", ".WaV", ".aiff", ".mpc2000", ".part", ".tmp", ".syncthing.", "0x",
            ".aif",
            ".goutputstream-", "8svx", ".x.wav.aB3dE9",
        ]
        for _ in 0..<20_000 {
            let name = (0..<Int.random(in: 1...4, using: &generator)).flatMap { _ in
                Array(parts[Int.random(in: 0..<parts.count, using: &generator)].utf8)
            }
            #expect(filter.isCandidate(file: name) == (filter.verdict(file: name) == .candidate))
            #expect(filter.isCandidate(directory: name) == (filter.verdict(directory: name) == .candidate))
        }
    }

    @Test func namesNeedNotBeText() throws {
        let name: [UInt8] = [0xFF, 0x80] + Array(".wav".utf8)
        #expect(filter.verdict(try component(name)) == .candidate)
        #expect(NamePattern("??.wav").matches(name))
        #expect(NamePattern("*.wav").matches(name))
        #expect(!NamePattern("?.wav").matches(name))
        #expect(NamePattern("[!a-z]*").matches(name))
    }

    // The reference is fnmatch(3) of the C library, in the C locale.
    @Test func patternsMeanWhatFnmatchSays() {
        let patterns = [
            "", "*", "**", "?", "a", "a*", "*a", "*a*", "a?c", "[abc]", "[a-c]x", "[!a-c]", "[^a]", "[]a]", "[!]a]",
            "[a", "a[", "[a-]", "[-a]", "\\*", "a\\?c", "[\\]]", "*.wav", "*b*c", "a*b*c", "[a-c]*[x-z]",
        ]
        let names = [
            "", "a", "b", "c", "x", "ab", "abc", "a?c", "aXc", "]", "[", "[a", "a[", "-", "*", "ax", "bx", "dx",
            "x.wav",
            ".wav", "aabbcc", "abcabc", "az", "!",
        ]
        for pattern in patterns {
            for name in names {
                let expected = unsafe fnmatch(pattern, name, 0) == 0
                #expect(NamePattern(pattern).matches(Array(name.utf8)) == expected, "\(pattern) on \(name)")
            }
        }
    }

    private func component(_ bytes: [UInt8]) throws -> FilePath.Component {
        try #require(FilePath.Component(bytes: bytes))
    }
}
