/// One of the pictures that stand above each other over one time axis.
package enum PictureLane: String, CaseIterable, Sendable {
    case wave, bands, bfcc, codes, pooled
}

/// What a lane shows of one sound.
protocol Lane {
    /// What is shown, in a few words.
    var heading: String { get }
    /// What is written beside it.
    var marks: [LaneMark] { get }

    /// Draws the sound.
    ///
    /// - Parameters:
    ///   - box: What the lane fills, from the axis' start to its end.
    ///   - axis: The time that it spans.
    func elements(in box: Box, _ axis: TimeAxis) -> [Scene.Element]
}

/// A word beside a lane.
struct LaneMark: Hashable, Sendable {
    /// How far below the lane's upper edge, from 0 to 1.
    var place: Double
    var words: String
    var ink = Ink.faint
    /// Whether it stands to the right of the lane, and not to the left.
    var isOnRight = false
}

extension Box {
    /// The part of a lane's box that a stretch of time takes, cut to the box.
    func part(from start: Double, to end: Double, _ axis: TimeAxis) -> Box {
        let left = min(max(axis.place(of: start), 0), 1)
        let right = min(max(axis.place(of: end), left), 1)
        return Box(x + left * width, y, (right - left) * width, height)
    }
}
