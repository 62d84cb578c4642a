import CTimbreKernels

/// The events of a sound: when each begins, and what of it stands out of the background.
///
/// An event is no more than a place from which to compare: there is one at each onset and one at least every 16 frames,
/// some 208 a minute. They depend on nothing but the stored Bark bands, and are found again from those at any time.
package struct SoundEvents: Hashable, Sendable {
    /// Bytes of a patch.
    package static let patchSize = Int(TIMBRE_PATCH_BYTES)
    /// Frames of the shortest sound whose events are kept: below two seconds it is an event itself.
    package static let shortest = 87

    /// The frames with which they begin, in order; a frame is 1/43 s.
    package var frames: [UInt32] = []
    /// Of each the number of its background's ``BackgroundShape``.
    package var shapes: [UInt8] = []
    /// Of each the means of what is above the background, in quarters of a decibel up to 60 dB: 7 slots of time, each of
    /// 20 groups of five bands. Shape `[count, 140]`.
    package var patches: [UInt8] = []

    package init() {}

    package init(frames: [UInt32], shapes: [UInt8], patches: [UInt8]) {
        precondition(frames.count == shapes.count && frames.count * Self.patchSize == patches.count)
        self.frames = frames
        self.shapes = shapes
        self.patches = patches
    }

    package var count: Int { frames.count }

    /// Finds the events of a sound.
    ///
    /// - Parameter bands: All its frames, in the form of `FeatureFrames.bands`.
    /// - Complexity: O(*n*) in the number of frames, some 0.3 s of processor time an hour; takes 60 bytes a frame meanwhile.
    package init(in bands: [UInt8]) {
        let levels = QuarterLevels(bands: bands)
        let background = Background(of: levels)
        let excess = ExcessCourse(of: levels, over: background)
        let onsets = Onsets.find(in: excess.flux)
        frames = onsets.map(UInt32.init)
        shapes = onsets.map { BackgroundShape.nearest(to: background.levels(at: $0)) }
        patches = onsets.flatMap(excess.patch)
    }
}

/// What a sound has above its background, frame by frame, as far as onsets and patches are made of it.
private struct ExcessCourse {
    /// The sum of the greatest rises of each frame.
    private(set) var flux: [Int32] = []
    /// Sums of groups of five bands, shape `[count, 20]`.
    private var wide: [UInt16] = []

    /// Frames whose levels are made at a time.
    private static let chunk = 512

    init(of levels: QuarterLevels, over background: Background) {
        let (bands, groups) = (QuarterLevels.bandCount, Int(TIMBRE_WIDE_BANDS))
        flux.reserveCapacity(levels.count)
        wide.reserveCapacity(levels.count * groups)
        var sums = [UInt16](repeating: 0, count: groups)
        for start in stride(from: 0, to: levels.count, by: Self.chunk) {
            let first = max(0, start - 2)
            let end = min(levels.count, start + Self.chunk)
            let excess = background.excess(of: levels.levels(of: first..<end), at: first..<end)
            unsafe excess.withUnsafeBufferPointer { excess in
                guard let excess = excess.baseAddress else { return }
                for frame in start..<end {
                    let row = unsafe excess + (frame - first) * bands
                    // Before the first frame it was as it is in it.
                    let before = unsafe frame > 0 ? row - bands : row
                    let earlier = unsafe frame > 1 ? before - bands : before
                    unsafe flux.append(timbre_flux(row, before, earlier))
                    unsafe timbre_widen(row, &sums)
                    wide += sums
                }
            }
        }
    }

    /// The patch of the event that begins with a frame, shape `[7, 20]`; where there is no frame it is 0.
    func patch(at onset: Int) -> [UInt8] {
        let groups = Int(TIMBRE_WIDE_BANDS)
        return EventDefinition.slots.flatMap { slot in
            let frames = (onset + slot.lowerBound..<onset + slot.upperBound).clamped(to: 0..<flux.count)
            let weight = 5 * slot.count
            return (0..<groups).map { group in
                let sum = frames.reduce(0) { $0 + Int(wide[$1 * groups + group]) }
                return UInt8((2 * sum + weight) / (2 * weight))
            }
        }
    }
}
