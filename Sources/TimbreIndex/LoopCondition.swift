import TimbreDescriptors

/// Whether a sound must be a loop or a one-shot: as its file says or, if that says nothing, by the estimate among its figures.
package struct LoopCondition: Hashable, Sendable {
    /// Loops if true, one-shots if false.
    package var wantsLoop: Bool
    /// The files that say whether they are loops.
    package var stated: [Int64: Bool]

    package init(wantsLoop: Bool, stated: [Int64: Bool] = [:]) {
        self.wantsLoop = wantsLoop
        self.stated = stated
    }

    /// - Parameter steps: Those of the file's figures.
    func admits(_ file: Int64, _ steps: SIMD8<UInt16>) -> Bool {
        (stated[file] ?? SoundFigures(steps: steps)?.isLoop) == wantsLoop
    }
}
