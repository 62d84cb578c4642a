import FolderWatch
import SystemPackage
import Testing

struct MovePairerTests {
    let start = ContinuousClock.now
    var pairer = MovePairer(grace: .milliseconds(100))
    let wav = MovePairer.Half(path: "/a/x.wav", isDirectory: false, isCandidate: true)
    let part = MovePairer.Half(path: "/a/x.wav.part", isDirectory: false, isCandidate: false)
    let other = MovePairer.Half(path: "/b/y.wav", isDirectory: false, isCandidate: true)

    @Test mutating func halvesWithOneCookieAreAMove() {
        pairer.departed(wav, cookie: 1, at: start)
        pairer.departed(other, cookie: 2, at: start)
        let outcome = pairer.arrived(other, cookie: 1)
        #expect(outcome == .moved(from: "/a/x.wav"))
        let gone = pairer.takeGone(at: start + .seconds(1))
        #expect(gone == [other])
        #expect(pairer.deadline == nil)
    }

    @Test mutating func aDepartureAloneIsGoneAfterTheGrace() {
        pairer.departed(wav, cookie: 1, at: start)
        #expect(pairer.deadline == start + .milliseconds(100))
        let gone = pairer.takeGone(at: start + .milliseconds(99))
        #expect(gone == [])
        let goneAgain = pairer.takeGone(at: start + .milliseconds(100))
        #expect(goneAgain == [wav])
        let outcome = pairer.arrived(other, cookie: 1)
        #expect(outcome == .appeared)
    }

    @Test mutating func whenTheQueueIsDrainedNoArrivalCanCome() {
        pairer.departed(wav, cookie: 1, at: start)
        pairer.departed(part, cookie: 2, at: start)
        let gone = pairer.takeAll()
        #expect(gone == [wav])
        let goneAgain = pairer.takeAll()
        #expect(goneAgain == [])
    }

    @Test mutating func movesBetweenCandidatesAndOthersAreComingAndGoing() {
        pairer.departed(part, cookie: 1, at: start)
        let outcome = pairer.arrived(wav, cookie: 1)
        #expect(outcome == .appeared)
        pairer.departed(wav, cookie: 2, at: start)
        let outcomeAgain = pairer.arrived(part, cookie: 2)
        #expect(outcomeAgain == .gone("/a/x.wav"))
        pairer.departed(part, cookie: 3, at: start)
        let outcomeThen = pairer.arrived(part, cookie: 3)
        #expect(outcomeThen == .nothing)
        let outcomeLater = pairer.arrived(part, cookie: 4)
        #expect(outcomeLater == .nothing)
    }
}
