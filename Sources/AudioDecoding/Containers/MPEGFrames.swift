/// The frames of MPEG audio in a file, counted one by one.
///
/// Nothing in such a file says for certain how long it is. A header in the first frame may, but is wrong where files were
/// joined or cut, and without one, decoders guess from the bit rate of the beginning.
struct MPEGFrames {
    /// Frames that belong together: of one rate, and behind one description.
    private struct Run {
        let header: MPEGHeader
        var frames: ByteView
        var count = 0
        /// Frames that the description claims, and where in the run it does.
        var tag: MPEGTag?
        /// Whether the bit rate changes.
        var isVariable = false
    }

    private var runs: [Run] = []
    /// Whether it is more than is heard of one file.
    private var isComplete = true
    private let view: ByteView

    /// How files of such frames are called.
    static let suffixes: Set<String> = ["mp3", "mp2", "mp1", "mpa", "mpga"]

    /// Runs that are heard of one file, at the most.
    private static let mostRuns = 10_000

    /// Goes through the frames from one on, to the end of the view.
    ///
    /// - Complexity: O(*n*) in the bytes.
    init(_ view: ByteView, from start: Int64) {
        self.view = view
        var place = start
        while place < view.size, isComplete {
            guard let header = Self.header(in: view, at: place), let length = header.length,
                fits(header, at: place, length: length)
            else {
                guard let next = nextFrame(from: place) else { break }
                place = next
                continue
            }
            add(header, place..<place + Int64(length))
            place += Int64(length)
        }
    }

    private static func header(in view: ByteView, at place: Int64) -> MPEGHeader? {
        view.bytes(at: place, count: 4).flatMap { MPEGHeader($0) }
    }

    /// Whether a frame goes on with the run, or is the first of another: one bit that is wrong makes no new stream.
    private func fits(_ header: MPEGHeader, at place: Int64, length: Int) -> Bool {
        guard let last = runs.last?.header, !header.continues(last) else { return true }
        return Self.header(in: view, at: place + Int64(length))?.continues(header) == true
    }

    private func nextFrame(from place: Int64) -> Int64? {
        if let length = TagBlock.length(in: view, at: place) { return place + length }
        return MPEGSearch.firstFrame(in: view, from: place + 1, before: view.size, inRow: 2)
    }

    private mutating func add(_ header: MPEGHeader, _ range: Range<Int64>) {
        let frame = view.bytes(from: range.lowerBound, most: min(200, Int(range.count)))
        let tag = header.layer == 3 ? MPEGTag(in: frame, header) : nil
        if tag != nil || runs.last.map({ !header.continues($0.header) }) ?? true {
            guard runs.count < Self.mostRuns else {
                isComplete = false
                return
            }
            runs.append(Run(header: header, frames: view.empty, tag: tag))
        }
        let last = runs.count - 1
        if tag == nil {
            runs[last].count += 1
            runs[last].isVariable = runs[last].isVariable || header.bitrate != runs[last].header.bitrate
        }
        runs[last].frames.append(view, range)
        if runs[last].frames.isFull { isComplete = false }
    }

    /// What is to be decoded, and how.
    var plan: SoundPlan {
        var plan = SoundPlan(asIs: view)
        let heard = runs.filter { $0.count > 0 }
        // A free bit rate has frames of no known length.
        guard !heard.isEmpty else { return plan }
        plan.streams = heard.map(stream)
        for run in heard {
            guard let claimed = run.tag?.frameCount, abs(claimed - run.count) > 1 else { continue }
            let (said, held) = (claimed * run.header.sampleCount, run.count * run.header.sampleCount)
            plan.notes.append("header claims \(said.grouped) samples of sound, the file holds \(held.grouped)")
        }
        if !isComplete {
            plan.isCutShort = true
            plan.notes.append("it has more streams than are heard of one file")
        }
        return plan
    }

    private func stream(_ run: Run) -> SoundStream {
        var stream = SoundStream(view: run.frames)
        stream.countedFrames = run.count * run.header.sampleCount
        if let tag = run.tag {
            stream.claimedFrames = tag.frameCount.map { $0 * run.header.sampleCount }
            if let claimed = tag.frameCount, abs(claimed - run.count) <= 1 { return stream }
            if let place = tag.countPlace {
                stream.view = run.frames.replacing(at: Int64(place), with: UInt32(clamping: run.count).bigEndianBytes)
                return stream
            }
            stream.view = run.frames.dropping(Int64(tag.length))
        } else if !run.isVariable {
            return stream
        }
        guard let count = MPEGTag.frame(counting: run.count, like: run.header) else { return stream }
        var counted = view.empty
        counted.append(count)
        counted.append(stream.view, 0..<stream.view.size)
        stream.view = counted
        return stream
    }
}
