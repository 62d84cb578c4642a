import SoundFeatures
import Testing
import TimbreCodes
import TimbreWire

@testable import TimbrePictures

struct LaneTests {
    private func bands(
        of look: Look.Reply, width: Double, height: Double, top: Double? = nil
    ) throws -> (raster: Raster, axis: TimeAxis) {
        let sound = PicturedSound(look, title: "")
        let axis = TimeAxis(from: sound.start, to: sound.end)
        let lane = BandLane(sound: sound, top: top ?? BandLane.top(of: [sound]))
        return (try #require(lane.elements(in: Box(0, 0, width, height), axis).first?.picture), axis)
    }

    @Test func bandScaleIsThatOfTheDefinition() {
        #expect(abs(BandScale.frequency(ofBand: 0) - 50) < 1e-9)
        #expect(abs(BandScale.frequency(ofBand: 99) - 9000) < 1e-6)
        for band in stride(from: 0, through: 99, by: 0.5) {
            #expect(abs(BandScale.band(ofFrequency: BandScale.frequency(ofBand: band)) - band) < 1e-9)
        }
    }

    @Test("The loudest band is brightest, where its frequency is written", arguments: [100.0, 500, 1000, 2000, 5000])
    func aBandIsWhereItsMarkIs(hertz: Double) throws {
        let band = Int(BandScale.band(ofFrequency: hertz).rounded())
        let look = look(codes: [1], levels: [0: [band: 250, (band + 20) % 100: 100]])
        let raster = try bands(of: look, width: 1, height: 100).raster
        let brightest = try #require((0..<100).max { raster[0, $0].index < raster[0, $1].index })
        #expect(brightest == 99 - band)
        #expect(raster[0, brightest] == .level(1))
        let lane = BandLane(sound: PicturedSound(look, title: ""), top: 250)
        let words = hertz < 1000 ? "\(Int(hertz)) Hz" : "\(Int(hertz / 1000)) kHz"
        let mark = try #require(lane.marks.first { $0.words == words })
        #expect(abs(mark.place * 100 - Double(brightest) - 0.5) <= 0.5)
    }

    @Test func levelsAre80DecibelsFromDarkToBright() throws {
        let raster = try bands(
            of: look(codes: [1], levels: [0: [0: 250, 1: 150, 2: 50, 3: 49, 4: 0]]), width: 1, height: 100
        ).raster
        #expect(
            (95..<100).reversed().map { raster[0, $0] } == [.level(1), .level(0.5), .level(0), .level(0), .level(0)])
    }

    @Test func silenceIsDarkHoweverFaint() throws {
        // −92 dB, as dither is.
        let raster = try bands(
            of: look(codes: [nil, nil], levels: [0: [3: 25], 1: [9: 20]]), width: 4, height: 50
        ).raster
        #expect(raster.pixels.allSatisfy { $0 == Ink.level(0).index })
    }

    @Test func aPixelIsTheLoudestOfItsColumnsAndBands() throws {
        let levels = Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, [$0 % 10: UInt8(200 + $0)]) })
        let sound = look(codes: Array(repeating: 1, count: 40), levels: levels)
        let raster = try bands(of: sound, width: 4, height: 10, top: 255).raster
        for x in 0..<4 {
            // Of ten columns, each with another of the ten lowest bands, the last is loudest.
            #expect(raster[x, 9] == .level(1 + Double(200 + 10 * x + 9 - 255) / 200))
            #expect(raster[x, 8] == .level(0))
        }
    }

    @Test func aColumnThatIsLongerThanAPixelIsNotBlurred() throws {
        let sound = look(codes: [1, 1, 1], levels: [0: [0: 255], 1: [0: 155], 2: [0: 205]])
        let raster = try bands(of: sound, width: 30, height: 100).raster
        let row = (0..<30).map { raster[$0, 99] }
        #expect(row == [1, 0.5, 0.75].flatMap { Array(repeating: Ink.level($0), count: 10) })
    }

    @Test func theLastColumnReachesToTheEndOfTheSound() {
        let sound = PicturedSound(look(codes: [1, 2], duration: 0.055), title: "")
        #expect(sound.end == 0.055)
        #expect(
            sound.columns(in: TimeAxis(from: 0, to: 0.055), parts: 11) == Array(repeating: 0..<1, count: 4)
                + Array(repeating: 1..<2, count: 7))
        // But not beyond: of a longer sound this is a part.
        #expect(abs(PicturedSound(look(codes: [1, 2], duration: 1), title: "").end - 0.04) < 1e-12)
        #expect(PicturedSound(look(codes: [1], duration: 0.01), title: "").end == 0.01)
    }

    @Test func coefficientsHaveASignAndSilenceHasNone() throws {
        // The first coefficient is 1 and the second −64 of 127, but in silence.
        let sound = PicturedSound(look(codes: [5, nil]), title: "")
        let elements = CepstrumLane(sound: sound).elements(in: Box(0, 0, 2, 13), TimeAxis(from: 0, to: 0.04))
        let raster = try #require(elements.first?.picture)
        #expect(raster[0, 12] == .signed(1) && raster[0, 11] == .signed(-(64.0 / 127).squareRoot()))
        #expect((0..<11).allSatisfy { raster[0, $0] == .signed(0) })
        #expect((0..<13).allSatisfy { raster[1, $0] == .paper })
    }

    @Test func aWaveReachesFromItsLowestToItsHighestSample() throws {
        let outline = SoundOutline(
            start: 0, step: 0.01, sampleRate: 8000, channelCount: 1, lows: [-16384, 0, -32767, 0],
            highs: [0, 8192, 32767, 0])
        let sound = PicturedSound(look(codes: [1, 1]), title: "", outline: outline)
        let elements = WaveLane(sound: sound, peak: 1).elements(in: Box(0, 0, 4, 100), TimeAxis(from: 0, to: 0.04))
        guard case .boxes(let boxes, .wave) = try #require(elements.last) else {
            Issue.record("no wave")
            return
        }
        #expect(boxes.map(\.x) == [0, 1, 2, 3])
        #expect(boxes.map { ($0.y * 10).rounded() / 10 } == [50, 37.5, 0, 50])
        #expect(boxes.map { $0.height.rounded() } == [25, 13, 100, 1])
    }

    @Test func withoutAWaveformItsLevelIsDrawn() {
        let sound = PicturedSound(look(codes: [1, 1], levels: [0: [5: 255], 1: [5: 205]]), title: "")
        let lane = WaveLane(sound: sound, peak: sound.peak)
        #expect(lane.heading == "level, at most 0.0 dB")
        let raster = Scene(
            width: 2, height: 100, elements: lane.elements(in: Box(0, 0, 2, 100), TimeAxis(from: 0, to: 0.04))
        ).raster()
        // 20 dB below full scale is a tenth.
        #expect((0..<2).map { x in (0..<100).count { raster[x, $0] == .wave } } == [100, 10])
    }

    @Test func codesHaveRowsMarkedOnesFirstThenTheMostFrequent() {
        let sound = PicturedSound(look(codes: [5, 5, 5, 9, nil, 7, 7, 9, 9, 9]), title: "")
        let lane = CodeLane(sound, marked: [7, 100], most: 2)
        #expect(lane.rows == [7, 9])
        #expect(lane.heading == "2 codes, +1 more")
        let raster = Scene(
            width: 10, height: 2, elements: lane.elements(in: Box(0, 0, 10, 2), TimeAxis(from: 0, to: 0.2))
        ).raster()
        #expect(
            (0..<10).map { raster[$0, 0] }
                == [5, 6].reduce(into: Array(repeating: Ink.paper, count: 10)) { $0[$1] = .mark(0) })
        #expect((0..<10).filter { raster[$0, 1] == .code } == [3, 7, 8, 9])
    }

    @Test func aSpanShowsItsBits() throws {
        let code = TimbreCode(bits: [0, 15, 16, 127])
        let spans = [SpanCode(start: 0, end: 0.7, code: Base64(code.bytes))]
        let sound = PicturedSound(look(codes: Array(repeating: 1, count: 35), spans: spans), title: "")
        let lane = PooledLane(sound: sound, inks: [16: .mark(3)])
        let raster = try #require(lane.elements(in: Box(0, 0, 16, 8), TimeAxis(from: 0, to: 0.7)).first?.picture)
        for bit in 0..<128 {
            let expected = bit == 16 ? Ink.mark(3) : code.contains(bit) ? .share(1) : .share(0)
            #expect(raster[bit % 16, bit / 16] == expected, "\(bit)")
        }
        // A hundred such spans in 40 pixels: two of sixteen bits in the first row.
        let many = PicturedSound(
            look(
                codes: Array(repeating: 1, count: 3500),
                spans: (0..<100).map {
                    SpanCode(start: Double($0) * 0.7, end: Double($0 + 1) * 0.7, code: Base64(code.bytes))
                }),
            title: "")
        let axis = TimeAxis(from: 0, to: 70)
        let shades = try #require(
            PooledLane(sound: many, inks: [:]).elements(in: Box(0, 0, 40, 8), axis).first?.picture)
        #expect(
            (0..<40).allSatisfy {
                shades[$0, 0] == .share(0.5) && shades[$0, 1] == .share(0.25) && shades[$0, 2] == .share(0)
            })
        #expect(PooledLane(sound: many, inks: [:]).captions(axis, letters: 100).isEmpty)
        #expect(lane.captions(TimeAxis(from: 0, to: 0.7), letters: 25).map(\.words) == [Base64(code.bytes).text])
    }
}
