import Testing

@testable import TimbreIngest

struct BatteryCareTests {
    let start = ContinuousClock.now
    var care = BatteryCare()

    /// - Returns: Whether the power supplies were looked at.
    private mutating func update(
        isWaiting: Bool = true, isAwaited: Bool = false, at seconds: Int, isOnBattery: Bool
    ) -> Bool {
        var hasLooked = false
        care.update(isWaiting: isWaiting, isAwaited: isAwaited, at: start + .seconds(seconds)) {
            hasLooked = true
            return isOnBattery
        }
        return hasLooked
    }

    @Test mutating func onBatteryWhatCanWaitDoes() {
        let looks = [update(at: 0, isOnBattery: true), update(at: 29, isOnBattery: false)]
        #expect(looks == [true, false])
        #expect(care.isSparing && care.nextLook == start + .seconds(30))
        let again = update(at: 30, isOnBattery: false)
        #expect(again && !care.isSparing)
    }

    @Test mutating func whileNothingWaitsNobodyLooks() {
        let hasLooked = update(isWaiting: false, at: 0, isOnBattery: true)
        #expect(!hasLooked && !care.isSparing && care.nextLook == nil)
    }

    @Test mutating func whatAClientWaitsForIsNotPutOff() {
        _ = update(at: 0, isOnBattery: true)
        let hasLooked = update(isAwaited: true, at: 1, isOnBattery: true)
        #expect(!hasLooked && !care.isSparing)
        _ = update(at: 2, isOnBattery: true)
        #expect(care.isSparing)
    }

    @Test mutating func whoResumesOverrulesIt() {
        _ = update(at: 0, isOnBattery: true)
        care.isOverruled = true
        _ = update(at: 1, isOnBattery: true)
        #expect(!care.isSparing && care.nextLook == nil)
    }

    @Test func onlyUrgentFilesAreNotedThen() {
        var files = WaitingFiles()
        files.add(1, isUrgent: false)
        #expect(files.hasPatient && !files.hasUrgent)
        #expect(files.noteNext(onlyUrgent: true) == nil)
        files.add(2, isUrgent: true)
        #expect(files.noteNext(onlyUrgent: true) == 2)
        #expect(files.noteNext(onlyUrgent: true) == nil)
        #expect(files.noteNext() == 1)
    }
}
