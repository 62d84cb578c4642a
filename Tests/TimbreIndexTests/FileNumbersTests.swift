import Testing

@testable import TimbreIndex

struct FileNumbersTests {
    @Test func areThoseThatWereInserted() {
        var generator = SystemRandomNumberGenerator()
        for most in [1, 64, 65, 5000] as [Int64] {
            var (numbers, plain): (FileNumbers, Set<Int64>) = ([], [])
            for _ in 0..<300 {
                let number = Int64.random(in: 0...most, using: &generator)
                numbers.insert(number)
                plain.insert(number)
            }
            for number in -1...2 * most { #expect(numbers.contains(number) == plain.contains(number)) }
            #expect(numbers == FileNumbers(plain) && numbers.hashValue == FileNumbers(plain).hashValue)
        }
    }

    @Test func noneAreInNothing() {
        let none: FileNumbers = []
        #expect(!none.contains(0) && !none.contains(.max) && !none.contains(.min))
        #expect(none == FileNumbers([Int64]()) && none != [0])
    }
}
