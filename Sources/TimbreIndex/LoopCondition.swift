import TimbreDescriptors

/// Whether a sound must be a loop or a one-shot: as its file says or, if that says nothing, by the estimate among its figures.
package struct LoopCondition: Hashable, Sendable {
    /// Loops if true, one-shots if false.
    package var wantsLoop: Bool
    /// The files that say that they are loops, and those that say that they are none.
    package var loops, oneShots: FileNumbers

    package init(wantsLoop: Bool, loops: FileNumbers = [], oneShots: FileNumbers = []) {
        self.wantsLoop = wantsLoop
        self.loops = loops
        self.oneShots = oneShots
    }

    /// - Parameter steps: Those of the file's figures.
    func admits(_ file: Int64, _ steps: SIMD8<UInt16>) -> Bool {
        if loops.contains(file) { return wantsLoop }
        if oneShots.contains(file) { return !wantsLoop }
        return SoundFigures(steps: steps)?.isLoop == wantsLoop
    }
}
