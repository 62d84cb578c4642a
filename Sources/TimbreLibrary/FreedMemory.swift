import CLinux

/// Memory that was freed, and that the C library keeps for what may be asked of it later.
///
/// After work on the whole library that is half as much as the index itself, if nothing is done: 100 MB of a million files.
package enum FreedMemory {
    /// Has each large piece of memory go back to the system as soon as it is freed, for the rest of the process.
    ///
    /// By itself the C library takes the first large piece that is freed, up to 32 MB, as a sign that there will be more
    /// like it, and puts those among the small ones, where what lies behind them keeps the room from being given back.
    /// Source: "Tunable parameters" in mallopt(3).
    package static func returnLargePieces() {
        mallopt(M_MMAP_THRESHOLD, largePiece)
        mallopt(M_TRIM_THRESHOLD, 2 * largePiece)
    }

    /// Bytes of a large piece: more than a question takes at a time.
    private static let largePiece: Int32 = 1 << 20

    /// Gives back to the system what lies between small pieces that are in use.
    ///
    /// - Complexity: O(*n*) in what is free, some 10 ms for 100 MB; other threads that allocate wait for a part of it.
    package static func giveBack() { malloc_trim(0) }
}
