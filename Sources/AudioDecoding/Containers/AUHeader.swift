/// The header of a Sun or NeXT file, in either order of bytes.
///
/// Source: the manual page audio_file_format(4) of SunOS.
struct AUHeader {
    private let view: ByteView
    private let isBigEndian: Bool
    private let start: Int64
    private let claimed: UInt64
    private let extent: SoundExtent

    init?(_ view: ByteView) {
        let isBigEndian = view.has(".snd")
        guard let start = view.number(at: 4, bytes: 4, isBigEndian: isBigEndian),
            let claimed = view.number(at: 8, bytes: 4, isBigEndian: isBigEndian), start >= 24
        else { return nil }
        self.view = view
        self.isBigEndian = isBigEndian
        (self.start, self.claimed) = (Int64(start), claimed)
        extent = SoundExtent(
            view, from: Int64(start), claimed: claimed, formEnd: Int64(start + claimed), isBigEndian: isBigEndian,
            chunks: .none)
    }

    /// What of the file is to be decoded, and how.
    func plan() -> SoundPlan {
        let held = view.size - start
        guard claimed < 0xffff_ff00, Int64(claimed) > held || !extent.isAsClaimed, held > 0 else {
            return SoundPlan(asIs: view)
        }
        var plan = SoundPlan([SoundStream(view: view.replacing(at: 8, with: [0xff, 0xff, 0xff, 0xff]))])
        plan.noteSize(claimed: claimed, held: held)
        plan.isCutShort = Int64(claimed) > held
        return plan
    }
}
