import CZlib
import Testing

@testable import TimbrePictures

/// A plain reader of the PNGs that we write.
private struct PlainPNG {
    var width = 0
    var height = 0
    var palette: [UInt8] = []
    var pixels: [UInt8] = []

    init(_ bytes: [UInt8]) throws {
        try #require(bytes.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
        var rest = bytes.dropFirst(8)
        var (data, ended) = ([UInt8](), false)
        func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
        while !rest.isEmpty {
            let length = number(rest.prefix(4))
            let body = rest.dropFirst(4).prefix(4 + length)
            let check = Array(rest.dropFirst(8 + length).prefix(4))
            try #require(check.count == 4 && number(check) == Self.crc(body))
            let content = Array(body.dropFirst(4))
            switch String(decoding: body.prefix(4), as: UTF8.self) {
            case "IHDR":
                (width, height) = (number(content[0..<4]), number(content[4..<8]))
                try #require(content[8...] == [8, 3, 0, 0, 0])
            case "PLTE": palette = content
            case "IDAT": data += content
            default: ended = true
            }
            rest = rest.dropFirst(12 + length)
        }
        try #require(ended)
        var size = uLong((width + 1) * height)
        var rows = [UInt8](repeating: 0, count: Int(size))
        try #require(unsafe uncompress(&rows, &size, data, uLong(data.count)) == Z_OK && rows.count == Int(size))
        for row in 0..<height {
            let start = row * (width + 1)
            try #require(rows[start] == 0)
            pixels += rows[start + 1..<start + 1 + width]
        }
    }

    /// Bit by bit, as annex D of the standard has it.
    private static func crc(_ bytes: some Sequence<UInt8>) -> Int {
        var register: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? 0xEDB8_8320 ^ register >> 1 : register >> 1 }
        }
        return Int(~register)
    }
}

struct PNGTests {
    @Test func comesBackPixelByPixel() throws {
        var raster = Raster(width: 37, height: 23)
        for y in 0..<23 { for x in 0..<37 { raster[x, y] = Ink(index: UInt8((x * 7 + y * 13) % 223)) } }
        let palette = Palette(.light)
        let png = try PlainPNG(PNG.bytes(of: raster, palette))
        #expect((png.width, png.height) == (37, 23))
        #expect(png.pixels == raster.pixels)
        #expect(png.palette == palette.colours.flatMap { [$0.red, $0.green, $0.blue] })
    }

    @Test func aWholePictureIsAsWideAsAsked() throws {
        let sound = PicturedSound(look(codes: [1, 2, 1], levels: [0: [40: 250]]), title: "bell.wav")
        let picture = SoundPicture(of: [sound])
        for (width, scale) in [(320, 1), (1000, 1), (640, 2)] {
            let png = try PlainPNG(picture.png(width: width, scale: scale))
            #expect(png.width == width * scale && png.height > 300 * scale)
            #expect(png.pixels.contains(Ink.level(1).index) && png.pixels.contains(Ink.text.index))
        }
    }

    @Test func differentSoundsLookDifferent() {
        let one = PicturedSound(look(codes: [1, 2], levels: [0: [40: 250]]), title: "a")
        let other = PicturedSound(look(codes: [1, 2], levels: [0: [41: 250]]), title: "a")
        #expect(SoundPicture(of: [one]).png(width: 400) != SoundPicture(of: [other]).png(width: 400))
        #expect(SoundPicture(of: [one]).png(width: 400) == SoundPicture(of: [one]).png(width: 400))
    }

    @Test func lettersStandWhereTheyShould() {
        let text = Scene.Text(words: "I·×–", x: 1, y: 4)
        let raster = Scene(width: 26, height: 8, elements: [.text(text)]).raster()
        let rows = (0..<8).map { y in String((0..<26).map { raster[$0, y] == .text ? "#" : " " }) }
        #expect(
            rows == [
                "  ###                     ",
                "   #                      ",
                "   #          # #         ",
                "   #     #     #   #####  ",
                "   #          # #         ",
                "   #                      ",
                "  ###                     ",
                "                          ",
            ])
    }
}
