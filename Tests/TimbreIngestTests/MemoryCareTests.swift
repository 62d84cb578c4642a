import Testing

@testable import TimbreIngest

struct MemoryCareTests {
    let start = ContinuousClock.now
    var care = MemoryCare()

    private mutating func isDue(isIdle: Bool = true, at milliseconds: Int) -> Bool {
        care.isDue(isIdle: isIdle, at: start + .milliseconds(milliseconds))
    }

    @Test mutating func whatTheStartHasLeftIsGivenBackOnce() {
        let due = [isDue(isIdle: false, at: 0), isDue(at: 100), isDue(at: 1099), isDue(at: 1100), isDue(at: 9000)]
        #expect(due == [false, false, false, true, false])
        #expect(care.next == nil)
    }

    @Test mutating func theTimeBeginsAnewWithWhatComesBetween() {
        let due = [isDue(at: 0), isDue(isIdle: false, at: 500), isDue(at: 1000), isDue(at: 1999), isDue(at: 2000)]
        #expect(due == [false, false, false, false, true])
    }

    @Test mutating func manyChangesAreWorthItAndFewAreNot() {
        let atStart = [isDue(at: 0), isDue(at: 1000)]
        care.note(changes: MemoryCare.many - 1)
        let few = [isDue(at: 1000), isDue(at: 5000)]
        care.note(changes: 1)
        let many = [isDue(at: 6000), isDue(at: 7000), isDue(at: 8000), isDue(at: 9000)]
        #expect(atStart == [false, true] && few == [false, false] && many == [false, true, false, false])
    }

    @Test mutating func anotherModelIsWorthIt() {
        _ = [isDue(at: 0), isDue(at: 1000)]
        care.noteMuch()
        let due = [isDue(at: 2000), isDue(at: 3000)]
        #expect(due == [false, true])
    }
}
