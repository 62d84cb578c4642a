import SoundEvents
import SoundFeatures
import TestBands
import Testing
import TimbreCodes

@testable import TimbreAnswers

struct PlaceQueryTests {
    private func query(_ frames: FeatureFrames, shifted: FeatureFrames? = nil) -> PlaceQuery? {
        PlaceQuery(
            SoughtSound(
                bands: frames.bands, shiftedBands: shifted?.bands, vector: TimbreVector(first: SIMD64(repeating: 1))))
    }

    private func silence(_ count: Int) -> FeatureFrames {
        let bytes = { (stride: Int) in [UInt8](repeating: 0, count: count * stride) }
        return FeatureFrames(cepstra: bytes(FeatureFrames.cepstrumStride), bands: bytes(FeatureFrames.bandStride))
    }

    @Test func whereNothingIsHeardThereIsNothingToLookFor() {
        #expect(query(silence(0)) == nil && query(silence(40)) == nil)
        var mute = SoughtSound(bands: Planted.alone([(.middle, 0)]).bands)
        #expect(PlaceQuery(mute) == nil, "it has no vector")
        mute.vector = TimbreVector(first: SIMD64(repeating: 1))
        #expect(PlaceQuery(mute) != nil)
    }

    @Test("A sound begins where it is first heard, and ends where it has died away", arguments: [0, 1, 30, 200])
    func begins(silentCount: Int) throws {
        var frames = silence(silentCount)
        frames.append(Planted.alone([(.low, 0)]))
        frames.append(silence(50))
        let found = try #require(query(frames, shifted: frames))
        #expect(found.frameCount == 18 && found.pieces.map(\.offset) == [0])
        #expect(found.duration == Planted.time(18))
    }

    @Test func aLongSoundIsASequenceOfPiecesThatBeginWithItsEvents() throws {
        let sound = Planted.alone([(.low, 0), (.high, 70), (.middle, 150), (.low, 170), (.high, 230)])
        let found = try #require(query(sound))
        #expect(found.frameCount == 248)
        #expect(found.pieces.first?.offset == 0 && found.pieces.count > 3)
        let events = SoundEvents(in: sound.bands).frames.map(Int.init)
        #expect(found.pieces.allSatisfy { events.contains($0.offset) })
        #expect(zip(found.pieces, found.pieces.dropFirst()).allSatisfy { $1.offset - $0.offset >= 43 })
        let last = try #require(found.pieces.last)
        #expect(found.guides.map(\.offset) == [0, found.pieces[found.pieces.count / 2].offset, last.offset])
    }

    @Test("So many pieces at the most", arguments: [(90, 1), (97, 2), (150, 3), (2000, 8)])
    func pieces(count: Int, most: Int) throws {
        let kinds = stride(from: 0, through: count - 18, by: 24).map { (Planted.Kind.allCases[$0 / 24 % 3], $0) }
        let found = try #require(query(Planted.alone(kinds + [(.low, count - 18)])))
        #expect(found.frameCount == count)
        #expect((1...most).contains(found.pieces.count) && (most == 1) == (found.pieces.count == 1))
        #expect(found.guides.count == min(3, found.pieces.count))
    }
}
