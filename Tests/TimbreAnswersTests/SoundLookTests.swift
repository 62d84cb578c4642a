import SoundFeatures
import Testing
import TimbreCodes
import TimbreWire

@testable import TimbreAnswers

struct SoundLookTests {
    /// A frame of bands: its peak, and some levels.
    private func bands(peak: Float, _ levels: [Int: UInt8]) -> [UInt8] {
        let bits = peak.bitPattern
        return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
            + (0..<BandScale.bandCount).map { levels[$0] ?? 0 }
    }

    /// A frame of cepstra, of which one component is not 0.
    private func cepstrum(_ component: Int, _ value: Int16) -> [UInt8] {
        (0..<13).flatMap { place -> [UInt8] in
            let bits = UInt16(bitPattern: place == component ? value : 0)
            return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        } + [0, 0, 128, 63]
    }

    private func look(
        _ codes: [UInt8], cepstra: [UInt8]? = nil, bands: [UInt8]? = nil, part: TimeSpan? = nil, most: Int = 2000
    ) -> SoundLook {
        SoundLook(
            codes: codes, cepstra: cepstra ?? codes.flatMap { _ in cepstrum(0, 32767) }, bands: bands, part: part,
            most: most)
    }

    @Test func levelsAreAbsolute() throws {
        // A full-scale sine in band 3, another 40 dB below it in band 5; then one 20 dB fainter; then nothing.
        let frames = bands(peak: 1, [3: 255, 5: 128]) + bands(peak: 0.1, [3: 255, 99: 1]) + bands(peak: 0, [:])
        let look = look([1, 1, 255], bands: frames)
        let levels = try #require(look.levels).bytes
        #expect(levels.count == 300)
        #expect((levels[3], levels[5], levels[4]) == (255, 155, 0))
        // 1 of 255 steps is 79.7 dB below the peak, which is at −20 dB: that is −99.7 dB.
        #expect((levels[103], levels[199]) == (205, 6))
        #expect(levels[200...].allSatisfy { $0 == 0 })
        // Louder than full scale counts as full scale.
        #expect(self.look([1], bands: bands(peak: 50, [0: 255])).levels?.bytes[0] == 255)
        #expect(self.look([1]).levels == nil)
    }

    @Test func aColumnHasTheLoudestBandsTheMeanVectorAndAllCodes() throws {
        let frames =
            bands(peak: 1, [0: 255]) + bands(peak: 1, [1: 255]) + bands(peak: 1, [2: 255]) + bands(peak: 1, [3: 255])
        let cepstra = cepstrum(0, 32767) + cepstrum(1, -32767) + cepstrum(2, 9) + cepstrum(2, 16384)
        // The third frame is silent: it has no vector, whatever was stored.
        let look = look([7, 9, 255, 9], cepstra: cepstra, bands: frames, most: 2)
        let levels = try #require(look.levels).bytes
        #expect(
            (0..<4).map { levels[$0] } == [255, 255, 0, 0] && (0..<4).map { levels[100 + $0] } == [0, 0, 255, 255])
        let vectors = look.vectors.bytes.map { Int8(bitPattern: $0) }
        #expect(vectors.prefix(3) == [64, -64, 0] && vectors[13..<16] == [0, 0, 64])
        #expect(look.heard.bytes == TimbreCode(bits: [7, 9]).bytes + TimbreCode(bits: [9]).bytes)
        #expect(look.use == [CodeCount(code: 9, frames: 2), CodeCount(code: 7, frames: 1)])
        #expect(look.step == SpanPooling.start(ofFrame: 2) && look.start == 0)
    }

    @Test("Columns are as even as whole frames can be", arguments: [1, 2, 3, 7, 30, 31, 100])
    func columns(most: Int) {
        let codes = (0..<31).map { UInt8($0) }
        let look = look(codes, most: most)
        let count = min(most, 31)
        let columns = stride(from: 0, to: look.heard.bytes.count, by: 16).map { start in
            TimbreCode(bytes: look.heard.bytes[start..<start + 16])?.bits ?? []
        }
        #expect(columns.count == count)
        #expect(columns.flatMap { $0 } == Array(0..<31))
        #expect(columns.allSatisfy { (31 / count...(31 + count - 1) / count).contains($0.count) })
    }

    @Test func aPartIsAllFramesThatHaveSomeOfIt() {
        let hop = SpanPooling.start(ofFrame: 1)
        let codes = (0..<100).map { UInt8($0) }
        func frames(_ start: Double, _ end: Double) -> [Int] {
            look(codes, part: TimeSpan(start: start, end: end)).use.map(\.code).sorted()
        }
        #expect(frames(2 * hop, 4 * hop) == [2, 3])
        #expect(frames(2.5 * hop, 2.6 * hop) == [2])
        #expect(frames(98.5 * hop, 1e300) == [98, 99])
        #expect(look(codes, part: TimeSpan(start: 100 * hop, end: 101 * hop)).isEmpty)
        #expect(look(codes, part: TimeSpan(start: 3 * hop, end: 4 * hop)).start == 3 * hop)
    }

    @Test func spansAreThoseThatOverlapThePartAndAreNotSilent() {
        let codes =
            [UInt8](repeating: 4, count: 30) + [UInt8](repeating: 255, count: 30) + [UInt8](repeating: 5, count: 40)
        let samples = 99 * 512 + 1024
        #expect(
            look(codes).spans(sampleCount: samples).map(\.code.bytes)
                == [[4], [5], [5]].map { TimbreCode(bits: $0).bytes })
        let hop = SpanPooling.start(ofFrame: 1)
        let part = look(codes, part: TimeSpan(start: 29 * hop, end: 60 * hop)).spans(sampleCount: samples)
        #expect(part.map(\.start) == [0] && part.map(\.end) == [SpanPooling.end(ofFrame: 29, sampleCount: samples)])
        #expect(look(codes, part: TimeSpan(start: 90 * hop, end: 91 * hop)).spans(sampleCount: samples).count == 1)
    }
}
