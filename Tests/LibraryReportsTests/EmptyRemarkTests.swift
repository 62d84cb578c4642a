import Testing
import TimbreWire

@testable import LibraryReports

struct EmptyRemarkTests {
    private func path(_ text: String) -> WirePath { WirePath(text.utf8) }

    private static func filter(_ change: (inout FileFilter) -> Void) -> FileFilter {
        var filter = FileFilter()
        change(&filter)
        return filter
    }

    @Test func aPatternThatMatchesNothingIsNamed() {
        var remark = EmptyRemark(
            nothing: EmptyAnswer(
                files: 5515,
                filters: [FilterCount(.under, files: 40), FilterCount(.glob, files: 0, ignoringCase: 1200)], left: 0,
                offline: 0),
            filter: FileFilter(under: path("/s"), glob: path("*kick*")))
        #expect(remark.text == "no file matches '*kick*': case matters, or 1,200 would; 0 of 5,515")
        remark.nothing.filters[1].ignoringCase = 0
        #expect(remark.text == "no file matches '*kick*'; 0 of 5,515")
    }

    static let conditions: [(FilterCount.Condition, FileFilter, String)] = [
        (.under, FileFilter(under: WirePath("/s/a\n".utf8)), "no searchable file lies below /s/a\\n"),
        (
            .notUnder, FileFilter(notUnder: [WirePath("/s".utf8), WirePath("/t".utf8)]),
            "every file lies below /s or /t"
        ),
        (.minDuration, FileFilter(minDuration: 90), "no file is as long as 1 min 30 s"),
        (.maxDuration, FileFilter(maxDuration: 0.01), "no file is as short as 0.01 s"),
        (.channels, FileFilter(channels: 1), "no file has 1 channel"),
        (.tags, filter { $0.tags = [TagFilter("tom", in: .artist)] }, "no file's tags have 'artist=tom'"),
        (.minBPM, filter { $0.minBPM = 118 }, "no file names a tempo of 118.0 or more"),
        (.key, filter { $0.key = "C#m" }, "no file names the key C#m"),
        (.loop, filter { $0.loop = false }, "no file is a one-shot"),
        (.since, FileFilter(since: 1), "no file is so new"),
        (.contrasts, FileFilter(), "no file differs so from what is searched by"),
    ]

    @Test("The condition that leaves nothing is named", arguments: conditions)
    func named(condition: FilterCount.Condition, filter: FileFilter, text: String) {
        let nothing = EmptyAnswer(
            files: 9, filters: [FilterCount(.since, files: 3), FilterCount(condition, files: 0)], left: 0)
        #expect(EmptyRemark(nothing: nothing, filter: filter).text == text + "; 0 of 9")
    }

    @Test func allConditionsThatLeaveNothingAreNamed() {
        let nothing = EmptyAnswer(
            files: 9,
            filters: [
                FilterCount(.notUnder, files: 0), FilterCount(.glob, files: 0, ignoringCase: 2),
                FilterCount(.channels, files: 3), FilterCount(.since, files: 0),
            ], left: 0)
        let filter = FileFilter(notUnder: [path("/s")], glob: path("K*"), channels: 2, since: 1)
        #expect(
            EmptyRemark(nothing: nothing, filter: filter, areOthers: true).text
                == "every file lies below /s, and no file matches 'K*': case matters, or 2 would, and no file is so new; "
                + "0 of 9 other files")
    }

    @Test func aPatternThatMatchesWholePathsAloneIsToldHow() {
        let nothing = EmptyAnswer(
            files: 9, filters: [FilterCount(.glob, files: 0, ignoringCase: 1, paths: 1200)], left: 0)
        #expect(
            EmptyRemark(nothing: nothing, filter: FileFilter(glob: path("*pack.zip*kick*"))).text
                == "no file matches '*pack.zip*kick*': that is for names; for whole paths it takes a slash, "
                + "'/*pack.zip*kick*', which matches 1,200; 0 of 9")
    }

    @Test func whatNothingCanBeBeyondIsSaid() {
        let nothing = EmptyAnswer(files: 9, filters: [FilterCount(.contrasts, files: 0)], left: 0)
        let sound = Figures(brightness: 1000, noisiness: 0.03, attack: 0.0101, length: 1, decay: 1)
        func text(_ direction: Contrast.Direction, _ amount: Double? = nil) -> String {
            EmptyRemark(
                nothing: nothing,
                obstacle: ContrastReach.obstacle([Contrast(direction, amount: amount)], beyond: [sound])
            ).text
        }
        let start = "no file differs so from what is searched by"
        #expect(text(.harderAttack) == start + ": its attack takes 10 ms, and less than 10 ms cannot be told; 0 of 9")
        #expect(text(.purer) == start + ": only 3 % of it is noise, and 5 % less was asked for; 0 of 9")
        #expect(text(.noisier, 0.98) == start + ": 3 % of it is noise, and 98 % more was asked for; 0 of 9")
        for direction in [Contrast.Direction.darker, .softerAttack, .noisier, .lower] {
            #expect(text(direction) == start + "; 0 of 9")
        }
        #expect(text(.harderAttack, 1.001) == start + "; 0 of 9")
    }

    @Test func conditionsThatLeaveNothingOnlyTogetherAreCounted() {
        let nothing = EmptyAnswer(
            files: 1234,
            filters: [
                FilterCount(.under, files: 40), FilterCount(.notUnder, files: 1000), FilterCount(.glob, files: 52),
                FilterCount(.minDuration, files: 3), FilterCount(.channels, files: 2),
            ], left: 0, offline: 1)
        let filter = FileFilter(
            under: path("/s"), notUnder: [path("/t")], glob: path("*k*"), minDuration: 2, channels: 2)
        #expect(
            EmptyRemark(nothing: nothing, filter: filter).text
                == "no file meets all conditions: of 1,234, 40 lie below /s, 1,000 lie elsewhere than below /t, "
                + "52 match '*k*', 3 are at least 2.00 s long, 2 have 2 channels; "
                + "1 file in folders that are not there now is found with --offline")
    }

    @Test func whatIsLeftIsTooFarOrUnlikelyOrNearToAnotherSound() {
        let nothing = EmptyAnswer(files: 5515, filters: [], left: 5515, offline: 0, distance: 0.34, score: 0.31)
        #expect(
            EmptyRemark(nothing: nothing, maxDistance: 0.1).text
                == "nothing is within 0.100: the nearest of 5,515 files is at 0.340")
        #expect(
            EmptyRemark(nothing: nothing, maxDistance: 0.5, likely: true).text
                == "nothing is likely: the best score of 5,515 files is 0.310")
        #expect(
            EmptyRemark(nothing: nothing, hasAway: true).text == "each of 5,515 files is as near to what --not names")
        // With the distance of another sound, copies are not what leaves nothing.
        #expect(
            EmptyRemark(nothing: nothing, likely: true, isDistinct: true).text
                == "nothing is likely: the best score of 5,515 files is 0.310")
        let copies = EmptyAnswer(files: 5515, filters: [], left: 5515, offline: 0)
        #expect(
            EmptyRemark(nothing: copies, likely: true, isDistinct: true).text
                == "each of 5,515 files holds the same sound as what is searched by")
        #expect(EmptyRemark(nothing: nothing).text == "nothing of 5,515 files can be compared")
    }

    @Test func aLibraryWithNothingElseIsSaidToHaveNothing() {
        var nothing = EmptyAnswer(files: 0, filters: [], left: 0, offline: 0)
        #expect(EmptyRemark(nothing: nothing).text == "no file is searchable; see `timbrectl status`")
        #expect(
            EmptyRemark(nothing: nothing, areOthers: true).text
                == "no other file is searchable; see `timbrectl status`")
        nothing.offline = 2000
        #expect(
            EmptyRemark(nothing: nothing, areOthers: true).text
                == "no other file is searchable; 2,000 files in folders that are not there now are found with --offline"
        )
    }
}
