import Testing
import TimbreIndex

struct DirectoryTableTests {
    @Test func directoriesThatComeAndGoTakeNoRoom() {
        var random = RandomLibrary(seed: 3, bits: 4, vectors: RandomVectors())
        var index = TimbreIndex()
        // One file stays in each of three directories; of all others one comes and one goes, each in a new directory.
        for number in 0..<6000 as Range<Int64> {
            var file = random.file(number)
            file.directory = number + 1
            index.setDirectory(file.directory, path: Array("/d\(file.directory)".utf8))
            index.insert([file])
            if number > 3 { index.remove([number - 1]) }
            index.forgetUnusedDirectories()
        }
        #expect(index.fileCount == 4)
        #expect(index.directoryCount <= 1026)
        for file in index.ids {
            #expect(index.file(file)?.directory == file + 1)
            #expect(index.path(of: file)?.starts(with: Array("/d\(file + 1)/".utf8)) == true)
        }
    }

    @Test func directoriesThatAreUsedStay() {
        var random = RandomLibrary(seed: 4, bits: 4, vectors: RandomVectors())
        var index = TimbreIndex()
        for number in 0..<3000 as Range<Int64> {
            var file = random.file(number)
            file.directory = number
            index.setDirectory(number, path: Array("/d\(number)".utf8))
            index.insert([file])
            index.forgetUnusedDirectories()
        }
        #expect(index.directoryCount == 3000)
        #expect(index.ids.allSatisfy { index.path(of: $0)?.starts(with: Array("/d\($0)/".utf8)) == true })
    }
}
