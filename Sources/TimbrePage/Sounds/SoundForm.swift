/// In what form a sound lies on disk, as far as a browser cares.
enum SoundForm: Hashable, Sendable {
    /// A browser decodes it: its media type.
    case known(String)
    /// It has to be made into a WAV first.
    case foreign

    /// Bytes at the beginning of a file that tell its form.
    static let headLength = 4096

    /// Looks at the beginning of a file.
    ///
    /// Chromium decodes these, and neither AIFF, AU, CAF and W64 nor WAV of doubles and of ADPCM.
    init(head: [UInt8]) {
        switch head.prefix(4) {
        case Array("RIFF".utf8)[...], Array("RF64".utf8)[...], Array("RIFX".utf8)[...]:
            self = Self.isDecodedWave(head) ? .known("audio/wav") : .foreign
        case Array("fLaC".utf8)[...]: self = .known("audio/flac")
        case Array("OggS".utf8)[...]: self = .known("audio/ogg")
        case let start where start.starts(with: Array("ID3".utf8)) || Self.isMPEG(start): self = .known("audio/mpeg")
        default: self = .foreign
        }
    }

    /// Eleven bits of synchronisation, then a version and a layer that there are.
    private static func isMPEG(_ start: ArraySlice<UInt8>) -> Bool {
        guard start.count >= 2, start[0] == 0xFF, start[1] & 0xE0 == 0xE0 else { return false }
        return start[1] & 0x18 != 0x08 && start[1] & 0x06 != 0
    }

    /// Whether a WAV file has one of the encodings that browsers decode: its chunk `fmt ` says which.
    private static func isDecodedWave(_ head: [UInt8]) -> Bool {
        guard head.count >= 12, head[8..<12].elementsEqual("WAVE".utf8) else { return false }
        let isBig = head[3] == UInt8(ascii: "X")
        func number(_ place: Int, _ count: Int) -> Int {
            let bytes = head[place..<place + count]
            return (isBig ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        var place = 12
        while place + 24 <= head.count {
            let size = number(place + 4, 4)
            guard head[place..<place + 4].elementsEqual("fmt ".utf8) else {
                place += 8 + size + size % 2
                continue
            }
            let (encoding, bits) = (number(place + 8, 2), number(place + 22, 2))
            switch encoding {
            case 1, 3, 0xFFFE: return bits <= 32
            case 6, 7: return true
            default: return false
            }
        }
        return false
    }
}
