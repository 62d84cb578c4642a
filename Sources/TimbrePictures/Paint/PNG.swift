import Compression

/// Writes pictures as PNG (ISO/IEC 15948): 8 bits a pixel, and a palette.
enum PNG {
    /// The file's bytes.
    ///
    /// - Complexity: O(*n*) in the pixels; some 20 ms for a million.
    static func bytes(of picture: Raster, _ palette: Palette) -> [UInt8] {
        precondition(picture.width > 0 && picture.height > 0, "a PNG has a pixel at least")
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Depth 8, colours from the palette, then the only kinds of compression, filters and order that we use.
        let header = bigEndian(UInt32(picture.width)) + bigEndian(UInt32(picture.height)) + [8, 3, 0, 0, 0]
        append("IHDR", header, to: &file)
        append("PLTE", palette.colours.flatMap { [$0.red, $0.green, $0.blue] }, to: &file)
        append("IDAT", Zlib.stream(rows(of: picture)), to: &file)
        append("IEND", [], to: &file)
        return file
    }

    /// The rows, each with the number of its filter before it: none, as the standard advises for palettes.
    private static func rows(of picture: Raster) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity((picture.width + 1) * picture.height)
        for row in 0..<picture.height {
            rows.append(0)
            rows += picture.pixels[row * picture.width..<(row + 1) * picture.width]
        }
        return rows
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let body = Array(type.utf8) + data
        file += bigEndian(UInt32(data.count)) + body + bigEndian(Zlib.checksum(body))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * $0)) }
    }
}
