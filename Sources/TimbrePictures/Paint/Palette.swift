/// A colour of a screen, in sRGB.
struct Colour: Hashable, Sendable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    /// From six hexadecimal digits.
    init(_ hex: Int) {
        (red, green, blue) = (UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
    }

    /// What lies between two colours: `share` 0 is the first, 1 the second.
    init(_ first: Colour, _ second: Colour, share: Double) {
        func between(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * min(max(share, 0), 1)).rounded())
        }
        self.init(0)
        red = between(first.red, second.red)
        green = between(first.green, second.green)
        blue = between(first.blue, second.blue)
    }

    /// The grey that is as light as a colour.
    init(greyOf colour: Colour) {
        let grey = UInt8((colour.lightness * 255).rounded())
        self.init(0)
        (red, green, blue) = (grey, grey, grey)
    }

    /// As HTML writes it.
    var hex: String {
        let digits = Array("0123456789abcdef")
        return "#" + [red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// How light it looks, from 0 to 1: the luma of ITU-R BT.601.
    var lightness: Double { (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255 }
}

/// What a pixel is painted with: a place in the ``Palette``. All pictures are made of these 256.
struct Ink: Hashable, Sendable {
    var index: UInt8

    static let paper = Ink(index: 0)
    static let text = Ink(index: 1)
    /// Lines and words that only guide the eye.
    static let faint = Ink(index: 2)
    static let wave = Ink(index: 3)
    /// A code that is not marked.
    static let code = Ink(index: 4)

    /// How many codes can be marked, each with an ink of its own.
    static let markCount = 10

    static func mark(_ number: Int) -> Ink { Ink(index: UInt8(6 + number % markCount)) }

    /// How loud something is: 0 is silence, 1 the loudest.
    static func level(_ level: Double) -> Ink { Ink(index: 16 + step(level, of: 128)) }

    /// A number on either side of 0, from −1 to 1.
    static func signed(_ value: Double) -> Ink { Ink(index: 144 + step((value + 1) / 2, of: 63)) }

    /// How much of a thing there is, from 0 to 1.
    static func share(_ share: Double) -> Ink { Ink(index: 207 + step(share, of: 17)) }

    private static func step(_ share: Double, of count: Int) -> UInt8 {
        UInt8((min(max(share, 0), 1) * Double(count - 1)).rounded())
    }
}

/// What background a picture is looked at on.
package enum PictureTheme: String, CaseIterable, Sendable {
    case dark, light
    /// Shades of grey on white, for paper.
    case mono
}

/// The colours of all inks.
struct Palette: Sendable {
    let colours: [Colour]

    subscript(_ ink: Ink) -> Colour { colours[Int(ink.index)] }

    init(_ theme: PictureTheme) {
        let isDark = theme == .dark
        let paper = Colour(isDark ? 0x101014 : 0xffffff)
        let text = Colour(isDark ? 0xe8e8ea : 0x1c1c22)
        var colours = [Colour](repeating: paper, count: 256)
        colours[1] = text
        colours[2] = Colour(paper, text, share: isDark ? 0.42 : 0.5)
        colours[3] = Colour(theme == .mono ? 0x404040 : isDark ? 0x7fb4d8 : 0x2f6690)
        colours[4] = Colour(paper, text, share: isDark ? 0.7 : 0.65)
        for number in 0..<Ink.markCount { colours[6 + number] = Colour(Self.marks[number]) }
        for step in 0..<128 { colours[16 + step] = Self.level(step) }
        let (low, zero, high) =
            isDark
            ? (Colour(0x4a9dff), Colour(0x18181c), Colour(0xff6a48))
            : (Colour(0x2166ac), Colour(0xf7f7f7), Colour(0xb2182b))
        for step in 0..<63 {
            let value = Double(step - 31) / 31
            colours[144 + step] = Colour(zero, value < 0 ? low : high, share: abs(value))
        }
        for step in 0..<17 { colours[207 + step] = Colour(paper, text, share: 0.08 + 0.92 * Double(step) / 16) }
        if theme == .mono {
            colours = colours.map { Colour(greyOf: $0) }
            // Paper is white where nothing is, and grey cannot show a sign by its hue.
            for step in 16..<144 { colours[step] = Colour(Colour(0xffffff), Colour(0), share: colours[step].lightness) }
            for step in 0..<63 { colours[144 + step] = Colour(Colour(0xffffff), Colour(0), share: Double(step) / 62) }
        }
        self.colours = colours
    }

    /// The colour of a step of loudness.
    private static func level(_ step: Int) -> Colour {
        let digits = magma.dropFirst(6 * step).prefix(6)
        return Colour(Int(digits, radix: 16) ?? 0)
    }

    /// Told apart by people who see no red or no green, on dark and on light. After M. Okabe and K. Ito, "Color universal
    /// design" (2008), and P. Tol, "Colour schemes" (2021).
    private static let marks = [
        0xe69f00, 0x56b4e9, 0x009e73, 0xcc79a7, 0xd55e00, 0x0072b2, 0xd4b106, 0x44aa99, 0xaa4499, 0x999933,
    ]

    /// 128 steps from black to yellow that look equal, in colour, in grey, and without red or green: every second one of
    /// "magma" by N. J. Smith and S. van der Walt, in the public domain.
    private static let magma = """
        00000401010602010902020d03031205041606051a08071e0a08220c09260e0b2b110c2f130d34150e38180f3d1a1042\
        1d114720114b22115025125529115a2c115f2f116333106736106b390f6e3d0f71400f74440f764710784a10794e117b\
        51127c54137d57157e5a167e5d177f601880641a80671b806a1c816d1d81701f817320817621817922827c2382802582\
        8326818627818928818c2981902a81932b80962c80992d809c2e7fa02f7fa3307ea6317daa337dad347cb0357bb3367a\
        b83779bc3978bf3a77c23b75c53c74c83e73cc3f71cf4070d2426fd5446dd8456cdb476ade4968e04c67e34e65e55064\
        e85362ea5661ec5860ee5b5ef05f5ef2625df3655cf4695cf66c5cf7705cf8745cf9785df97b5dfa7f5efb835ffb8761\
        fc8a62fc8e64fd9266fd9668fd9a6afe9d6cfea16efea571fea973feac76feb078feb47bfeb77efebb81febf84fec287\
        fec68afeca8dfecd90fed194fed597fed89afddc9efde0a1fde3a5fde7a9fdebacfceeb0fcf2b4fcf6b8fcf9bbfcfdbf
        """
}
