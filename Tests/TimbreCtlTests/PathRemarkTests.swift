import Testing
import TimbreWire

@testable import timbrectl

/// What is said of a way on which no sound lies.
struct PathRemarkTests {
    private func remark(distances: [Double], isFiltered: Bool = false) -> String? {
        let steps = distances.map { distance in
            PathStep(path: WirePath("/s/a".utf8), inLibrary: true, duration: 1, distance: distance, score: 1)
        }
        return PathCommand.remark(
            on: FindPath.Reply(model: "sha256:00", complete: true, steps: steps), isFiltered: isFiltered)
    }

    @Test func aWayWithoutASoundIsToldOf() {
        #expect(remark(distances: [0, 1.2]) == "no sound lies between these two")
        #expect(
            remark(distances: [0, 1.2], isFiltered: true) == "no sound that the filters leave lies between these two")
    }

    @Test func aWayWithSoundsAndEndsThatSoundTheSameAreNot() {
        #expect(remark(distances: [0, 0.6, 0.6]) == nil && remark(distances: [0, 0]) == nil)
    }
}
