import CLinux

extension IngestLoop {
    /// Gives back what the start has left free, once: when everything was compared with the disk, and packed.
    ///
    /// The start takes packs of 600 kB, or rows, into memory and makes columns of them, which stay. The C library keeps the
    /// room between these for later: 10 MB of 10⁶ files, which nothing needs from here on.
    func giveBackMemory() {
        guard !hasGivenBack, state.isIdle, changes.isEmpty, !mayPack else { return }
        hasGivenBack = true
        malloc_trim(0)
    }
}
