import CommandOutput
import Platform
import SoundFeatures
import SystemPackage
import Testing
import TimbreWire
import Varlink

@testable import LocalFiles

struct CutTests {
    @Test(
        "Names have the recording and the time",
        arguments: [
            ("/a/tape 3.wav", 847.2, "tape 3 0h14m07.2s.wav"), ("/a/b", 0.04, "b 0h00m00.0s.wav"),
            ("/a/x.tar.flac", 36_059.96, "x.tar 10h01m00.0s.wav"), ("/a/.hidden", 1, ".hidden 0h00m01.0s.wav"),
        ])
    func names(recording: String, start: Double, name: String) {
        var names = CutNames()
        let place = CutPlace(recording: WirePath(recording.utf8), part: TimeSpan(start: start, end: start + 1))
        #expect(names.name(for: place) == FilePath.Component(name))
        let again = name.replacing(".wav", with: " (2).wav")
        #expect(names.name(for: place) == FilePath.Component(again))
    }

    @Test func namesAreBytesAndFitIntoADirectory() {
        var names = CutNames()
        func bytes(_ recording: [UInt8]) -> [UInt8] {
            let place = CutPlace(recording: WirePath(recording), part: TimeSpan(start: 1, end: 2))
            return FilePath(root: nil, [names.name(for: place)]).bytes
        }
        #expect(bytes([0x2F, 0x62, 0xFF]) == [0x62, 0xFF] + Array(" 0h00m01.0s.wav".utf8))
        let long = bytes(Array("/a/\(String(repeating: "ä", count: 125)).wav".utf8))
        // 240 bytes are left, and half of a letter is none.
        #expect(long == Array("\(String(repeating: "ä", count: 120)) 0h00m01.0s.wav".utf8))
        #expect(bytes(Array("/a/\(String(repeating: "a", count: 251)).wav".utf8)).count == 255)
    }

    @Test func placesAreRowsOfSimilar() throws {
        let odd = WirePath(Array("/a/b".utf8) + [0xFF])
        let row = SimilarResult(
            rank: 1, path: odd, distance: 0.5, score: 1, hamming: 0, start: 12.5, end: 13, duration: 60, inside: true)
        let place = try CutPlace(line: String(decoding: JSON.encode(row), as: UTF8.self), number: 1)
        #expect(place == CutPlace(recording: odd, part: TimeSpan(start: 12.5, end: 13)))
        #expect(place.part(withMargin: 13) == TimeSpan(start: 0, end: 26))
        for line in [
            "", "{}", "[]", #"{"path":"/a"}"#, #"{"path":"/a","start":1}"#, #"{"path":"/a","start":2,"end":1}"#,
            #"{"path":"/a","start":-1,"end":1}"#, #"{"path":"","start":0,"end":1}"#,
        ] {
            #expect { try CutPlace(line: line, number: 7) } throws: {
                ($0 as? Failure)?.line?.hasPrefix("timbrectl: standard input:7: no object with path, start and end;")
                    == true
            }
        }
    }

    @Test func aHeaderOfManyGigabytesHasSizesOf64Bits() {
        let format = SampleFormat(sampleRate: 96_000, channelCount: 2, encoding: .int24)
        let most = 1_000_000_000
        let header = WaveHeader(format, mostFrames: most)
        let (short, long) = (header.bytes(frames: 10), header.bytes(frames: most))
        #expect(short.count == long.count)
        #expect(short.prefix(4) == Array("RIFF".utf8)[...] && long.prefix(4) == Array("RF64".utf8)[...])
        #expect(short[12..<16] == Array("JUNK".utf8)[...] && long[12..<16] == Array("ds64".utf8)[...])
        func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(short[4..<8]) == short.count - 8 + 60)
        #expect(number(long[4..<8]) == Int(UInt32.max) && number(long.suffix(4)) == Int(UInt32.max))
        #expect(number(long[20..<28]) == long.count - 8 + 6_000_000_000)
        #expect(number(long[28..<36]) == 6_000_000_000 && number(long[36..<44]) == most)
        #expect(WaveHeader(format, mostFrames: 100).bytes(frames: 100).count == 44)
    }
}
