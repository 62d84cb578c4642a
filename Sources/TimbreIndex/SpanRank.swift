/// How near a code is to a query in one number, smaller being nearer: the distance, then the bits that are not shared.
enum SpanRank {
    static func rank(distance: Int, sharedBits: Int) -> UInt16 { UInt16(distance << 8 | (255 - sharedBits)) }
    static func distance(_ rank: UInt16) -> Int { Int(rank >> 8) }
    static func sharedBits(_ rank: UInt16) -> Int { 255 - Int(rank & 255) }

    /// What the ranks of all codes are below that are not farther than this.
    ///
    /// - Precondition: The distance is not negative.
    static func limit(maxDistance: Double) -> UInt16 { UInt16(min(maxDistance, 128) + 1) << 8 }
}
