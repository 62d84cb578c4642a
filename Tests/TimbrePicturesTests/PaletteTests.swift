import Glibc
import Testing

@testable import TimbrePictures

struct PaletteTests {
    /// How light a colour looks, 0 to 100: CIE 1976 L*, of sRGB as IEC 61966-2-1 has it.
    private func lightness(_ colour: Colour) -> Double {
        func linear(_ value: UInt8) -> Double {
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
        return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
    }

    @Test("Loudness grows lighter in even steps, on paper darker", arguments: [PictureTheme.dark, .light, .mono])
    func stepsAreEven(theme: PictureTheme) {
        let palette = Palette(theme)
        let lightnesses = (0..<128).map { lightness(palette[.level(Double($0) / 127)]) }
        let steps = theme == .mono ? lightnesses.map { 100 - $0 } : lightnesses
        let rises = zip(steps, steps.dropFirst()).map { $1 - $0 }
        #expect(steps[0] < 1 && steps[127] > 95)
        #expect(rises.allSatisfy { $0 > -0.2 })
        #expect((rises.max() ?? 100) < 2.5 * (steps[127] - steps[0]) / 127)
    }

    @Test func zeroIsInTheMiddleAndBothSignsAreToldApart() {
        let palette = Palette(.dark)
        #expect(palette[.signed(0)] == Colour(0x18181c))
        #expect(palette[.signed(-1)].blue > palette[.signed(-1)].red)
        #expect(palette[.signed(1)].red > palette[.signed(1)].blue)
        let grey = Palette(.mono)
        #expect(grey[.signed(-1)] == Colour(0xffffff) && grey[.signed(1)] == Colour(0))
        #expect(Ink.signed(-3) == .signed(-1) && Ink.level(7) == .level(1))
    }

    @Test func allInksAreDifferentPlaces() {
        let inks =
            [Ink.paper, .text, .faint, .wave, .code] + (0..<Ink.markCount).map(Ink.mark)
            + (0..<128).map { Ink.level(Double($0) / 127) } + (0..<63).map { Ink.signed(Double($0 - 31) / 31) }
            + (0..<17).map { Ink.share(Double($0) / 16) }
        #expect(Set(inks).count == inks.count)
    }

    @Test(
        "Finds the nearest of 256",
        arguments: [(0x000000, 16), (0xffffff, 231), (0xff0000, 196), (0x808080, 244), (0x5f87af, 67)])
    func indexed(hex: Int, place: Int) {
        #expect(Colour(hex).indexed == place)
    }
}
