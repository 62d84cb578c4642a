import ContentHash
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreExtraction
import TimbreStore

@testable import TimbreIngest

struct QuestionsTests {
    private func item(_ file: Int64, known: [ContentHash] = [], size: Int64 = 10, mustDecode: Bool = false) -> WorkItem
    {
        WorkItem(
            file: file, path: FilePath("/s/\(file).wav"), lastRead: nil, known: known, size: size,
            mustDecode: mustDecode)
    }

    private func hashes(_ count: Int) -> [ContentHash] { (0..<count).map { ContentHash(of: [UInt8($0)]) } }

    @Test func whatMayBeKnownIsDecodedOnlyIfItIsNot() throws {
        var questions = Questions(catalog: try TestLibrary().catalog)
        let question = try #require(questions.question(about: item(1, known: hashes(2)), size: 10, leads: true))
        #expect(question.work == .features && question.known == hashes(2))
    }

    @Test func ofTooManyContentsTheHashAloneIsAskedFor() throws {
        var questions = Questions(catalog: try TestLibrary().catalog)
        let known = hashes(ExtractionRequest.mostKnown + 1)
        let question = try #require(questions.question(about: item(1, known: known), size: 10, leads: true))
        #expect(question.work == .hash && question.known.isEmpty)
    }

    @Test func oneOfAnUnknownSizeGoesFirstUnlessNobodyMayWaitForIt() throws {
        var questions = Questions(catalog: try TestLibrary().catalog)
        #expect(questions.question(about: item(1), size: 10, leads: true)?.known == [])
        #expect(questions.question(about: item(2), size: 10, leads: true) == nil)
        #expect(questions.question(about: item(3), size: 10, leads: false)?.known == [])
        #expect(questions.question(about: item(4, mustDecode: true), size: 10, leads: true)?.work == .features)
        // What the first turns out to hold is known to those that have waited for it.
        questions.answered(.failed(ExtractionFailure(.empty, "no samples"), hashes(1)[0]), size: 10)
        #expect(questions.finished(1, size: 10) == [2])
        #expect(questions.question(about: item(2), size: 10, leads: true)?.known == hashes(1))
    }

    @Test func aSizeThatHasChangedIsLookedUpAnew() throws {
        let test = try TestLibrary()
        let file = try test.add("1 2 3", to: "a.wav")
        let hash = try #require(
            try test.catalog.read { reader in try file.content.flatMap { try reader.content($0)?.hash } })
        var questions = Questions(catalog: test.catalog)
        let question = questions.question(about: item(9, size: 1), size: file.identity.size, leads: true)
        #expect(question?.known == [hash])
    }
}
