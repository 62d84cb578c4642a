import SoundFeatures
import Testing
import TimbreCodes

struct OutlineTests {
    /// Samples of some channels, and their outline by the plain definition.
    private func check(frames: Int, channels: Int) {
        var generator = SeededGenerator(seed: UInt64(frames))
        let samples = (0..<frames * channels).map { _ in Int16(truncatingIfNeeded: generator.next()) }
        var makers = Array(repeating: OutlineMaker(channelCount: channels), count: 3)
        var rest = samples[...]
        while !rest.isEmpty {
            let piece = rest.prefix((Int(generator.next() % 700) + 1) * channels)
            makers[0].take(piece.map { Int32($0) << 16 }[...])
            makers[1].take(piece.map { Float($0) / 32767 }[...])
            makers[2].take(piece.map { Double($0) / 32767 }[...])
            rest = rest.dropFirst(piece.count)
        }
        for (number, maker) in makers.enumerated() {
            let outline = maker.outline(from: 1, sampleRate: 1000)
            let length = Int((outline.step * 1000).rounded())
            #expect(outline.lows.count <= SoundOutline.mostStretches)
            #expect(outline.lows.count == (frames + length - 1) / length)
            // No longer stretches than there must be.
            #expect(length == 1 || frames > SoundOutline.mostStretches * length / 2)
            // Numbers with a point know no −32768.
            let known = number == 0 ? samples : samples.map { max($0, -32767) }
            for place in outline.lows.indices {
                let stretch = known[place * length * channels..<min((place + 1) * length, frames) * channels]
                #expect(outline.lows[place] == stretch.min() && outline.highs[place] == stretch.max())
            }
        }
    }

    @Test("Agrees with the plain definition", arguments: [0, 1, 2, 4095, 4096, 4097, 8192, 8193, 20_000, 50_001])
    func agrees(frames: Int) { check(frames: frames, channels: 1) }

    @Test("So it does for several channels", arguments: [1, 4096, 4097, 30_001])
    func agreesForChannels(frames: Int) { check(frames: frames, channels: 3) }

    @Test func whatIsNoNumberEndsNothing() {
        var maker = OutlineMaker(channelCount: 1)
        maker.take([Float.infinity, -.infinity, .nan][...])
        let outline = maker.outline(from: 0, sampleRate: 8000)
        #expect(outline.highs.first == .max && outline.lows.dropFirst().allSatisfy { $0 == -.max })
        #expect(outline.peak == 1)
    }
}
