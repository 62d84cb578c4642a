import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreWire

@testable import SpareFiles

/// What can go of a group of duplicates: never all of it, and nothing that wins no space.
struct SparePlanTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["master", "old"] { try folder.makeFolder(name) }
        _ = try folder.write("12345", to: "master/a.wav")
        _ = try folder.write("1234567", to: "old/b.wav")
        _ = try folder.write("123", to: "c.wav")
        for (age, name) in [(30, "master/a.wav"), (20, "old/b.wav"), (10, "c.wav")] { try setAge(of: name, age) }
    }

    private func setAge(of name: String, _ age: Int) throws {
        let times = [timespec(tv_sec: 1_000_000 - age, tv_nsec: 0), timespec(tv_sec: 1_000_000 - age, tv_nsec: 0)]
        let result = unsafe folder.path.pushing(FilePath(name)).withPlatformString {
            unsafe utimensat(AT_FDCWD, $0, times, 0)
        }
        #expect(result == 0)
    }

    private func link(_ name: String, to target: String, isSymbolic: Bool) throws {
        let made = unsafe folder.path.pushing(FilePath(target)).withPlatformString { target in
            unsafe folder.path.pushing(FilePath(name)).withPlatformString {
                isSymbolic ? unsafe symlink(target, $0) : unsafe Glibc.link(target, $0)
            }
        }
        #expect(made == 0)
    }

    /// The group that the library would tell of.
    ///
    /// - Parameter levels: By how many decibels files are louder than the first, by their names.
    private func group(
        _ names: [String], kind: DuplicateGroup.Kind = .near, levels: [String: Double] = [:], content: String? = nil
    ) throws -> DuplicateGroup {
        DuplicateGroup(
            kind: kind, wasted: 0,
            files: try names.map { name in
                let path = folder.path.pushing(FilePath(name))
                let status = try FileStatus(of: path, following: true)
                return DuplicateFile(
                    path: WirePath(path.bytes), size: Int(status.size), modified: Double(status.modified) / 1e9,
                    duration: 1, format: "WAV", content: content ?? name, difference: 0.1, level: levels[name])
            })
    }

    private func names(_ files: [DuplicateFile]) -> [String] {
        files.map { String($0.path.shown.dropFirst(folder.path.string.count + 1)) }
    }

    private func all() throws -> DuplicateGroup { try group(["master/a.wav", "old/b.wav", "c.wav"]) }

    @Test(
        "Rules say what is kept",
        arguments: [
            ("largest", "old/b.wav"), ("oldest", "master/a.wav"), ("newest", "c.wav"),
            ("path=*/master/*", "master/a.wav"),
            ("path=b.*", "old/b.wav"),
        ])
    func rules(rule: String, kept: String) throws {
        let plan = SparePlan(try all(), keeping: [try #require(KeepRule(argument: rule))])
        #expect(names(plan.kept) == [kept] && plan.leftOut.isEmpty)
        #expect(Set(names(plan.spares)) == Set(["master/a.wav", "old/b.wav", "c.wav"]).subtracting([kept]))
    }

    @Test func noRuleIsNoRule() {
        for text in ["", "path=", "smallest", "path"] { #expect(KeepRule(argument: text) == nil) }
    }

    @Test func aPatternThatMatchesAllOrNoneLeavesAll() throws {
        let matchingAll = SparePlan(try all(), keeping: [.path(glob: Array("*.wav".utf8))])
        #expect(matchingAll.kept.count == 3 && matchingAll.spares.isEmpty)
        let matchingNone = SparePlan(try all(), keeping: [.path(glob: Array("*.flac".utf8))])
        #expect(
            matchingNone.spares.isEmpty
                && matchingNone.leftOut.map(\.reason) == Array(repeating: .noneMatches, count: 3))
        // Another rule may say what happens then.
        let next = SparePlan(try all(), keeping: [.path(glob: Array("*.flac".utf8)), .largest])
        #expect(names(next.kept) == ["old/b.wav"])
    }

    @Test func theFileThatIsKeptIsThereAtThatMoment() throws {
        let group = try all()
        try folder.remove("old/b.wav")
        let plan = SparePlan(group, keeping: [.largest])
        #expect(names(plan.kept) == ["master/a.wav"] && names(plan.spares) == ["c.wav"])
        #expect(plan.leftOut.map(\.reason) == [.gone])
        try folder.remove("master/a.wav")
        let last = SparePlan(group, keeping: [.largest])
        #expect(names(last.kept) == ["c.wav"] && last.spares.isEmpty)
        try folder.remove("c.wav")
        #expect(SparePlan(group, keeping: [.largest]).spares.isEmpty)
    }

    @Test func whatHasChangedIsNeitherKeptNorASpare() throws {
        let group = try all()
        // Of the same size.
        _ = try folder.write("7654321", to: "old/b.wav")
        let plan = SparePlan(group, keeping: [.largest])
        #expect(names(plan.kept) == ["master/a.wav"] && names(plan.spares) == ["c.wav"])
        #expect(plan.leftOut.map(\.reason) == [.changed])
    }

    @Test(.enabled(if: geteuid() != 0)) func whatCannotBeReadIsNotKept() throws {
        _ = unsafe folder.path.pushing("old/b.wav").withPlatformString { unsafe chmod($0, 0) }
        let plan = SparePlan(try all(), keeping: [.largest])
        #expect(names(plan.kept) == ["master/a.wav"])
    }

    @Test func anEmptyFileIsNotKept() throws {
        _ = try folder.write("", to: "empty.wav")
        let plan = SparePlan(try group(["empty.wav", "c.wav"]), keeping: [.newest])
        #expect(names(plan.kept) == ["c.wav"])
        #expect(SparePlan(try group(["empty.wav"]), keeping: [.largest]).leftOut.map(\.reason) == [.noneReadable])
    }

    @Test func aHardLinkOfTheFileThatIsKeptIsNoSpare() throws {
        try link("d.wav", to: "old/b.wav", isSymbolic: false)
        let plan = SparePlan(try group(["d.wav", "old/b.wav", "c.wav"]), keeping: [.largest])
        #expect(names(plan.kept) == ["d.wav"] && names(plan.spares) == ["c.wav"] && plan.freed == 3)
        #expect(plan.leftOut.map(\.reason) == [.sameFile])
    }

    @Test func hardLinksAreSparesTogetherOrNotAtAll() throws {
        try link("d.wav", to: "c.wav", isSymbolic: false)
        let both = SparePlan(try group(["old/b.wav", "c.wav", "d.wav"]), keeping: [.largest])
        #expect(names(both.spares) == ["c.wav", "d.wav"] && both.freed == 3)
        // The other name is not in the group.
        let one = SparePlan(try group(["old/b.wav", "c.wav"]), keeping: [.largest])
        #expect(one.spares.isEmpty && one.leftOut.map(\.reason) == [.linkedElsewhere])
    }

    @Test func aSymbolicLinkIsNoSpareAndWhatItLeadsToIsNotCountedTwice() throws {
        try link("link.wav", to: "old/b.wav", isSymbolic: true)
        try link("linked", to: "old", isSymbolic: true)
        let plan = SparePlan(
            try group(["link.wav", "linked/b.wav", "old/b.wav", "c.wav"]), keeping: [.largest])
        #expect(names(plan.kept) == ["old/b.wav"] && names(plan.spares) == ["c.wav"])
        #expect(plan.leftOut.map(\.reason) == [.link, .link])
        // Where the file itself goes, the link is named.
        let other = SparePlan(try group(["link.wav", "old/b.wav", "c.wav"]), keeping: [.newest])
        #expect(names(other.kept) == ["c.wav"] && names(other.spares) == ["old/b.wav"])
        #expect(other.leftOut.map(\.reason) == [.link])
    }

    /// Four strokes of a drum that are one recording at three levels, one of them in another format as well.
    private func layers(kind: DuplicateGroup.Kind = .near, content: String? = nil) throws -> DuplicateGroup {
        let names = ["Hard.wav", "Soft.wav", "Soft.flac", "Hardest.wav"]
        for (place, name) in names.enumerated() {
            _ = try folder.write(String(repeating: "x", count: 9 - place), to: name)
        }
        return try group(
            names, kind: kind, levels: ["Soft.wav": -5, "Soft.flac": -5.1, "Hardest.wav": 0.1], content: content)
    }

    @Test func velocityLayersStayAndTheirOwnCopiesGo() throws {
        let plan = SparePlan(try layers(), keeping: [.largest])
        #expect(names(plan.kept) == ["Hard.wav"] && names(plan.spares) == ["Soft.flac"] && plan.freed == 7)
        #expect(plan.leftOut.map(\.reason) == [.level, .layer])
        #expect(names(plan.leftOut.map(\.file)) == ["Soft.wav", "Hardest.wav"])
        let text = SparesOutput([plan]).text
        #expect(
            text.contains("Soft.wav: at another level than what is kept, as velocity layers are; --layers lets it go\n")
        )
    }

    @Test func layersGoIfThatIsWantedAndWhereTheBytesAreTheSame() throws {
        let all = ["Soft.wav", "Soft.flac", "Hardest.wav"]
        #expect(names(SparePlan(try layers(), keeping: [.largest], lettingLayersGo: true).spares) == all)
        #expect(names(SparePlan(try layers(content: "sha256:00"), keeping: [.largest]).spares) == all)
        #expect(names(SparePlan(try layers(kind: .exact), keeping: [.largest]).spares) == all)
    }

    @Test func aLayerOfWhatGoesStays() throws {
        try folder.makeFolder("kit")
        for (name, text) in [("kit/Hard.wav", "12"), ("kit/Hardest.wav", "1")] { _ = try folder.write(text, to: name) }
        let plan = SparePlan(try group(["old/b.wav", "kit/Hard.wav", "kit/Hardest.wav"]), keeping: [.largest])
        #expect(names(plan.kept) == ["old/b.wav"] && names(plan.spares) == ["kit/Hard.wav"])
        #expect(plan.leftOut.map(\.reason) == [.layer])
    }

    @Test func whereARuleIsAboutNoLayerAllLayersStay() throws {
        let plan = SparePlan(try layers(), keeping: [.path(glob: Array("Hard.wav".utf8))])
        #expect(names(plan.kept) == ["Hard.wav"] && plan.spares.isEmpty)
        #expect(!plan.leftOut.isEmpty && Set(plan.leftOut.map(\.reason)).isSubset(of: [.level, .layer]))
    }

    @Test func sparesArePrintedByWhatTheyFree() throws {
        let plan = SparePlan(try all(), keeping: [.largest])
        let text = SparesOutput([plan]).text
        #expect(text.hasPrefix("keep   \(folder.path)/old/b.wav\nspare  \(folder.path)/master/a.wav, 5 B\n"))
        #expect(text.contains("2 files can go, 8 B would be free"))
        #expect(SparesOutput([]).text.isEmpty)
        try folder.remove("c.wav")
        #expect(SparesOutput([SparePlan(try group(["old/b.wav"]), keeping: [.largest])]).remarks == [])
    }
}
