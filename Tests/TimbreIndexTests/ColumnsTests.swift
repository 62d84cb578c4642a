import Testing
import TimbreCodes

@testable import TimbreIndex

struct ColumnsTests {
    @Test(arguments: [
        [], [0], [5, 5, 65_535, 65_536, 65_536, 200_000, 4_294_967_295], [70_000, 70_000, 70_001],
        Array(repeating: 0, count: 9), (0..<300).map { $0 * 1000 },
    ])
    func ascendingNumbersAreWhatWasPutIn(numbers: [Int]) {
        var column = AscendingColumn()
        for (place, number) in numbers.enumerated() {
            column.append(number)
            #expect(column.last == number && column.count == place + 1)
        }
        let read = AscendingColumn(numbers.map { UInt32($0) })
        for column in [column, read] {
            #expect(numbers.indices.map { column[$0] } == numbers)
            #expect(column.numbers == numbers.map { UInt32($0) })
        }
        for count in numbers.indices {
            var shorter = column
            shorter.truncate(to: count)
            #expect(shorter.numbers == numbers[..<count].map { UInt32($0) })
            for number in numbers[count...] { shorter.append(number) }
            #expect(shorter.numbers == column.numbers)
            #expect(
                column.firstPlace(above: numbers[count], in: 0..<numbers.count)
                    == numbers.lastIndex(of: numbers[count]).map { $0 + 1 })
        }
    }

    @Test func ascendingNumbersAreShiftedFromAPlaceOn() {
        var column = AscendingColumn([10, 65_530, 65_540, 131_080])
        column.shift(from: 1, by: 8)
        #expect(column.numbers == [10, 65_538, 65_548, 131_088])
        column.shift(from: 2, by: -10)
        #expect(column.numbers == [10, 65_538, 65_538, 131_078])
        column.shift(from: 0, by: -10)
        #expect(column.numbers == [0, 65_528, 65_528, 131_068])
    }

    @Test func runsAreWhatWasPutIn() {
        let values = [3, 3, 3, 1, 1, 2, 3, 3, 9] as [Double]
        var column = RunColumn(values)
        #expect(values.indices.map { column[$0] } == values)
        #expect(column.byteCount == 9 * 2 + 5 * 8)
        column.truncate(to: 5)
        #expect(column.values == [3, 1])
        column.append(3)
        #expect((0..<6).map { column[$0] } == [3, 3, 3, 1, 1, 3])
    }

    @Test func runsThatAreChangedOverAndOverTakeNoMoreRoom() {
        var column = RunColumn<Int32>([1, 1, 2, 2])
        for value in 0..<10_000 as Range<Int32> {
            column.set(value, at: Int(value) % 4)
            #expect(column[Int(value) % 4] == value)
        }
        #expect((0..<4).map { column[$0] } == [9996, 9997, 9998, 9999])
        #expect(column.values.count <= 9)
    }

    struct Sound: CustomTestStringConvertible {
        var duration: Double
        var sampleCount: Int
        var channelCount = 2
        var testDescription: String { "\(duration) s, \(sampleCount) samples, \(channelCount) channels" }
    }

    /// Those of usual rates, then those that do not follow from frames.
    static let sounds =
        [8000, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000].flatMap { rate in
            [0, 1, 2, 999, 31_337, rate, 7 * rate + 1, 1 << 28 - 1].map { frames in
                Sound(
                    duration: Double(frames) / Double(rate), sampleCount: (frames * 22_050 + rate - 1) / rate,
                    channelCount: frames % 128)
            }
        } + [
            Sound(duration: 1, sampleCount: 22_051), Sound(duration: 1, sampleCount: 0),
            Sound(duration: 1, sampleCount: 22_050, channelCount: 128),
            Sound(duration: 1, sampleCount: 22_050, channelCount: 65_535), Sound(duration: .pi, sampleCount: 69_273),
            Sound(duration: 1e6, sampleCount: 22_050_000_000), Sound(duration: -1, sampleCount: 5),
            Sound(duration: .infinity, sampleCount: 5), Sound(duration: 1e300, sampleCount: 1 << 46),
        ]

    @Test func soundsAreExactlyWhatWasPutIn() {
        var column = SoundColumn()
        let facts = Self.sounds.enumerated().map { row, sound in
            SoundFacts(channelCount: sound.channelCount, sampleCount: sound.sampleCount, isOffline: row % 3 == 0)
        }
        for (sound, facts) in zip(Self.sounds, facts) { column.append(duration: sound.duration, facts) }
        let read = SoundColumn(durations: Self.sounds.map(\.duration), facts: facts)
        column.setOffline(false, 0)
        column.setOffline(true, 0)
        for column in [column, read] {
            for (row, sound) in Self.sounds.enumerated() {
                #expect(column.duration(row) == sound.duration)
                #expect(column.facts(row) == facts[row], "\(sound)")
            }
            #expect(column.byteCount == Self.sounds.count * 5 + 9 * 24)
        }
        column.truncate(to: Self.sounds.count - 3)
        column.append(duration: 2, SoundFacts(channelCount: 1, sampleCount: 44_100, isOffline: true))
        #expect(column.duration(Self.sounds.count - 3) == 2)
        #expect(column.duration(Self.sounds.count - 4) == 1e6)
    }

    // At a million files, a byte is a megabyte of the daemon's. Sixteen of them are plain figures.
    @Test func aShortSoundTakesSoManyBytes() {
        var index = TimbreIndex()
        let span = IndexedSpan(number: 0, code: TimbreCode(bits: [1, 2]), vector: TimbreVector(first: SIMD64()))
        let files = (0..<20_000).map { number in
            let frames = 20_000 + number % 10_000
            return IndexedFile(
                id: Int64(number), directory: Int64(number / 500), name: Array("0000000000.wav".utf8),
                duration: Double(frames) / 44_100, channelCount: 1 + number % 2, sampleCount: (frames + 1) / 2,
                added: 1.7e9 + Double(number / 100), spans: [span], vector: span.vector)
        }
        for first in stride(from: 0, to: files.count, by: 1000) { index.insert(Array(files[first..<first + 1000])) }
        #expect(Double(index.byteCount) / Double(files.count) <= 191)
    }
}
