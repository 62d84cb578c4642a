import SoundFeatures
import Testing
import TimbreCodes

struct OutlineTests {
    @Test("Agrees with the plain definition", arguments: [0, 1, 2, 4095, 4096, 4097, 8192, 8193, 20_000, 50_001])
    func agrees(count: Int) {
        var generator = SeededGenerator(seed: 5)
        let samples = (0..<count).map { _ in Float(Int16(truncatingIfNeeded: generator.next())) / 20_000 }
        var maker = OutlineMaker()
        var rest = samples[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int(generator.next() % 700) + 1)
            maker.take(piece)
            rest = rest.dropFirst(piece.count)
        }
        #expect(maker.lows.count <= SoundOutline.mostStretches)
        #expect(maker.lows.count == (count + maker.length - 1) / maker.length)
        // No longer stretches than there must be.
        #expect(maker.length == 1 || count > SoundOutline.mostStretches * maker.length / 2)
        let scaled = samples.map { Int16((min(max($0, -1), 1) * SoundOutline.scale).rounded()) }
        for place in maker.lows.indices {
            let stretch = scaled[place * maker.length..<min((place + 1) * maker.length, count)]
            #expect(maker.lows[place] == stretch.min() && maker.highs[place] == stretch.max())
        }
    }

    @Test func whatIsNoNumberEndsNothing() {
        var maker = OutlineMaker()
        maker.take([.infinity, -.infinity, .nan])
        #expect(maker.highs.first == .max && maker.lows.dropFirst().allSatisfy { $0 == -.max })
    }
}
