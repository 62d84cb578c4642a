/// IEEE 754 numbers of 16 bits, as weights are stored.
enum HalfFloats {
    /// The number that some bits stand for.
    static func number(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let (exponent, fraction) = (UInt32(bits >> 10 & 31), UInt32(bits & 0x3ff))
        switch exponent {
        case 0:
            let size = Float(fraction) * 0x1p-24
            return sign == 0 ? size : -size
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The bits of the nearest number that has 16; infinite beyond ±65 504.
    static func bits(_ number: Float) -> UInt16 {
        let sign = UInt16(number.bitPattern >> 16 & 0x8000)
        let size = number.magnitude
        guard size == size else { return 0x7e00 }
        guard size < 65520 else { return sign | 0x7c00 }
        // Below the least normal number, steps are equal.
        if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
        let pattern = size.bitPattern
        let rounded = (pattern + 0xfff + (pattern >> 13 & 1)) >> 13
        return sign | UInt16(rounded - 112 << 10)
    }
}
