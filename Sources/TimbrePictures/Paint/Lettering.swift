/// Letters of 5 × 8 pixels, with which text is painted where there is no font.
///
/// Other characters than those of ASCII, and few of them need be shown, are a box.
enum Lettering {
    /// Pixels from one letter to the next.
    static let advance = 6
    static let height = 8

    static func width(of text: String) -> Int { text.count * advance }

    /// The pixels of a text, as places from its top left corner.
    static func pixels(of text: String) -> [(x: Int, y: Int)] {
        text.enumerated().flatMap { place, character in
            columns(of: character).enumerated().flatMap { column, bits in
                (0..<height).filter { bits >> UInt8($0) & 1 == 1 }.map { (x: place * advance + column, y: $0) }
            }
        }
    }

    /// Five columns, the lowest bit on top.
    private static func columns(of character: Character) -> [UInt8] {
        switch character {
        case "–", "−": [8, 8, 8, 8, 8]
        case "×": [0, 20, 8, 20, 0]
        case "·": [0, 0, 8, 0, 0]
        case "…": [64, 0, 64, 0, 64]
        case "’", "‘": [0, 8, 7, 3, 0]
        case "\u{A0}", "\u{202F}": [0, 0, 0, 0, 0]
        default: columns(ofASCII: character) ?? [127, 65, 65, 65, 127]
        }
    }

    private static func columns(ofASCII character: Character) -> [UInt8]? {
        guard let code = character.asciiValue, (32..<127).contains(code) else { return nil }
        let first = Int(code - 32) * 10
        let digits = Array(table.utf8.dropFirst(first).prefix(10))
        return (0..<5).map { UInt8(String(decoding: digits[2 * $0..<2 * $0 + 2], as: UTF8.self), radix: 16) ?? 0 }
    }

    /// From the space to the tilde, five columns each: the letters of character displays.
    private static let table = """
        000000000000005f00000007000700147f147f14242a7f2a12231308646236495620500008070300001c2241000041221c00\
        2a1c7f1c2a08083e080800807030000808080808000060600020100804023e5149453e00427f400072494949462141494d33\
        1814127f1027454545393c4a49493141211109073649494936464949291e0000140000004034000000081422411414141414\
        004122140802015909063e415d594e7c1211127c7f494949363e414141227f4141413e7f494949417f090909013e41415173\
        7f0808087f00417f41002040413f017f081422417f404040407f021c027f7f0408107f3e4141413e7f090909063e4151215e\
        7f09192946264949493203017f01033f4040403f1f2040201f3f4038403f631408146303047804036159494d43007f414141\
        0204081020004141417f04020102044040404040000307080020545478407f284444383844444428384444287f3854545418\
        00087e090218a4a49c787f0804047800447d40002040403d007f1028440000417f40007c047804787c080404783844444438\
        fc1824241818242418fc7c08040408485454542404043f44243c4040207c1c2040201c3c4030403c44281028444c9090907c\
        4464544c440008364100000077000000413608000201020402
        """
}
