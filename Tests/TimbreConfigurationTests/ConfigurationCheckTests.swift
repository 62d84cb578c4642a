import SystemPackage
import TestFiles
import Testing

@testable import TimbreConfiguration

struct ConfigurationCheckTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("there")
    }

    private func check(_ text: String) throws -> ConfigurationCheck {
        ConfigurationCheck(of: try folder.write(text, to: "c.toml"), mustExist: true, home: folder.path)
    }

    private func lines(_ found: [ConfigurationError]) -> [String] {
        found.map { String($0.description.dropFirst(folder.path.appending("c.toml").string.count)) }
    }

    @Test func allMistakesAreTold() throws {
        let found = try check(
            """
            watch = [
                "~/there",
                "relative",
                7,
            ]
            exclude = ["", "a/b", "*.part"]
            settle = "fast"
            wrokers = 2
            workers = 999
            [retrain]
            centroids = 1
            seeds = 3
            """)
        #expect(
            lines(found.mistakes) == [
                ":3: watch: \"relative\" is not absolute; write for example \"/srv/samples\" or \"~/Samples\"",
                ":4: watch: item 3 of the list is of type integer, but must be a string",
                ":6: exclude: an empty pattern matches no name; leave it out",
                ":6: exclude: \"a/b\" contains a slash; patterns are for names, write for example \"*.part\"",
                ":7: settle: \"fast\" is not a duration; write for example \"250ms\"",
                ":8: wrokers: unknown key; known are watch, exclude, video, archives, follow_symlinks, settle, "
                    + "workers, max_file_duration, max_archive_members, max_archive_member_size, max_archive_size, "
                    + "max_archive_ratio and the tables retrain and cluster",
                ":9: workers: 999 is out of range; this must be an integer from 0 to 256",
                ":11: retrain.centroids: 1 is out of range; this must be an integer from 2 to 128",
                ":12: retrain.seeds: unknown key; known in retrain are centroids and seed",
            ])
        #expect(found.warnings == [])
    }

    @Test func whatIsBehindABrokenLineIsNotRead() throws {
        let found = try check("workers = 999\nsettle = = 3\nworkers = 1000\n")
        #expect(found.mistakes.map(\.line) == [1, 2])
    }

    @Test func foldersThatAreNotThereAreWarnedOf() throws {
        _ = try folder.write("", to: "file")
        let found = try check("watch = [\"~/there\",\n  \"~/away\",\n  \"~/file\"]\n")
        #expect(found.mistakes == [])
        #expect(
            lines(found.warnings) == [
                ":2: watch: \(folder.path)/away does not exist; it is offline until it does",
                ":3: watch: \(folder.path)/file is no folder",
            ])
    }

    @Test("Brackets that are never closed", arguments: ["[", "take [0-9", "[]", "[!]*", "[a\\]*", "[a]*[b\\"])
    func openBracketsAreWarnedOf(pattern: String) throws {
        let found = try check("exclude = [\"*.tmp\",\n  '\(pattern)']\nwatch = []\n")
        #expect(found.mistakes == [])
        let advice = "it stands for itself; close it with ], or write [[]"
        #expect(
            lines(found.warnings) == [
                ":2: exclude: \"\(pattern)\" has a bracket that is never closed; \(advice)"
            ])
    }

    @Test func aStartTellsTheFirstMistakeAlone() throws {
        let file = try folder.write("settle = \"fast\"\nworkers = 999\n", to: "c.toml")
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(from: file, mustExist: true, home: nil)
        }
        #expect(error?.line == 1)
    }

    @Test func aFileThatNeedNotBeThereIsNoMistake() throws {
        let absent = folder.path.appending("none.toml")
        #expect(ConfigurationCheck(of: absent, mustExist: false, home: nil).mistakes == [])
        #expect(ConfigurationCheck(of: absent, mustExist: true, home: nil).mistakes.count == 1)
        #expect(
            ConfigurationCheck(of: nil, mustExist: false, home: nil)
                == ConfigurationCheck(of: absent, mustExist: false, home: nil))
    }
}
