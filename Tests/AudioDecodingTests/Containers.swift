@testable import AudioDecoding

/// Containers laid out by hand, from the formats' definitions, so that each can be wrong in the way that is wanted.
enum Container {
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func chunk(_ name: String, _ content: [UInt8], size: UInt32? = nil, isBigEndian: Bool = false) -> [UInt8] {
        let size = size ?? UInt32(content.count)
        return text(name) + (isBigEndian ? size.bigEndianBytes : size.littleEndianBytes) + content
            + (content.count % 2 == 0 ? [] : [0])
    }

    /// The content of `fmt `.
    static func format(_ rate: UInt32, tag: UInt16 = 1, bits: UInt16 = 16, isBigEndian: Bool = false) -> [UInt8] {
        func number(_ number: some FixedWidthInteger) -> [UInt8] {
            isBigEndian ? number.bigEndianBytes : number.littleEndianBytes
        }
        return number(tag) + number(1 as UInt16) + number(rate) + number(rate * UInt32(bits / 8)) + number(bits / 8)
            + number(bits)
    }

    static func riff(_ chunks: [UInt8]..., name: String = "RIFF", size: UInt32? = nil) -> [UInt8] {
        let body = text("WAVE") + chunks.flatMap { $0 }
        let size = size ?? UInt32(body.count)
        return text(name) + (name == "RIFX" ? size.bigEndianBytes : size.littleEndianBytes) + body
    }

    static func wave(_ data: [UInt8], rate: UInt32 = 22_050, tag: UInt16 = 1, size: UInt32? = nil, whole: UInt32? = nil)
        -> [UInt8]
    {
        riff(chunk("fmt ", format(rate, tag: tag)), chunk("data", data, size: size), size: whole)
    }

    static func rifx(_ data: [UInt8], size: UInt32? = nil) -> [UInt8] {
        riff(
            chunk("fmt ", format(22_050, isBigEndian: true), isBigEndian: true),
            chunk("data", data, size: size, isBigEndian: true), name: "RIFX")
    }

    static func longWave(_ data: [UInt8], name: String, size: UInt64) -> [UInt8] {
        riff(
            chunk("ds64", size.littleEndianBytes + size.littleEndianBytes + [UInt8](repeating: 0, count: 12)),
            chunk("fmt ", format(22_050)), chunk("data", data, size: .max), name: name, size: .max)
    }

    static func wave64(_ data: [UInt8], size: UInt64) -> [UInt8] {
        let end: [UInt8] = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a]
        let whole = UInt64(40 + 40 + 24 + data.count)
        return text("riff") + [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 4, 0xc1, 0, 0] + whole.littleEndianBytes
            + text("wave") + end + text("fmt ") + end + (40 as UInt64).littleEndianBytes + format(22_050) + text("data")
            + end + size.littleEndianBytes + data
    }

    static func aiff(_ data: [UInt8], size: UInt32, frames: UInt32, between: [UInt8] = []) -> [UInt8] {
        let rate: [UInt8] = [0x40, 0x0d, 0xac, 0x44, 0, 0, 0, 0, 0, 0]
        let common = [0, 1] + frames.bigEndianBytes + [0, 16] + rate
        let body =
            text("AIFF") + chunk("COMM", common, isBigEndian: true) + between
            + chunk("SSND", [UInt8](repeating: 0, count: 8) + data, size: size, isBigEndian: true)
        return text("FORM") + UInt32(body.count).bigEndianBytes + body
    }

    static func au(_ data: [UInt8], size: UInt32, isBigEndian: Bool = true) -> [UInt8] {
        let numbers = [24, size, 3, 22_050, 1].flatMap { isBigEndian ? $0.bigEndianBytes : $0.littleEndianBytes }
        return text(isBigEndian ? ".snd" : "dns.") + numbers + data
    }

    static func caf(_ data: [UInt8], size: Int64, codec: String = "lpcm") -> [UInt8] {
        let description =
            Double(22_050).bitPattern.bigEndianBytes + text(codec)
            + ([2, 2, 1, 1, 16] as [UInt32]).flatMap(\.bigEndianBytes)
        return text("caff") + [0, 1, 0, 0] + text("desc") + (32 as Int64).bigEndianBytes + description + text("data")
            + size.bigEndianBytes + [0, 0, 0, 0] + data
    }

    /// An ID3v2 tag of so many bytes, below 128, behind its header.
    static func id3(_ count: UInt8) -> [UInt8] {
        text("ID3") + [3, 0, 0, 0, 0, 0, count] + [UInt8](repeating: 0, count: Int(count))
    }

    /// A page of Ogg, without the check that libogg wants.
    static func page(_ content: [UInt8], serial: UInt32, flags: UInt8) -> [UInt8] {
        text("OggS") + [0, flags] + [UInt8](repeating: 0, count: 8) + serial.littleEndianBytes
            + [UInt8](repeating: 0, count: 8) + [UInt8(content.count / 255 + 1)]
            + [UInt8](repeating: 255, count: content.count / 255) + [UInt8(content.count % 255)] + content
    }
}
