import SoundEvents
import SoundFeatures
import TimbreCodes

/// A sound of a request, as it is looked for inside recordings.
struct SoughtSound {
    /// The Bark bands of what counts of it: the first ``most`` frames.
    var bands: [UInt8]
    /// Whether that is all of it.
    var isWhole = true
    /// Those of its first frames, when it begins half a frame's hop later; nil if they are not known.
    var shiftedBands: [UInt8]?
    var vector: TimbreVector?
    /// The library's file that it is, and which part of it, in seconds; nil if it comes from elsewhere.
    var origin: (file: Int64, start: Double, end: Double)?

    /// Frames that count: 30 seconds. The pieces of a sound reach no farther, but where little happens in it.
    static let most = 1292
}

/// A sound to look for in pieces of at most a second and a half: one, unless it is longer than a piece reaches.
///
/// A long sound is a sequence: its pieces are compared each at its own time, so that it agrees better with the same events
/// in the same order than with any of them alone.
struct PlaceQuery {
    struct Piece {
        var query: EventQuery
        /// The frame of the sound with which it begins.
        var offset: Int
    }

    let pieces: [Piece]
    /// Frames from where the sound is first heard to where it dies away.
    let frameCount: Int
    /// Seconds of them.
    let duration: Double
    let vector: TimbreVector

    /// The most pieces of a sound; what comes behind them is not compared.
    private static let mostPieces = 8
    /// A sound that is no longer than this, in frames, is one piece.
    private static let longestPiece = 96
    /// How far the pieces of a longer one begin apart at least.
    private static let leastGap = 43
    /// Frames whose levels are this far below the loudest one are not heard before the sound begins: 50 dB, as a power.
    private static let quiet: Float = 1e-5

    /// Nil if nothing is heard in the sound, or it has no vector.
    init?(_ sound: SoughtSound) {
        let stride = FeatureFrames.bandStride
        guard let vector = sound.vector, let first = Self.firstHeard(in: sound.bands) else { return nil }
        let bands = Array(sound.bands[(first * stride)...])
        let shifted = sound.shiftedBands.map { Array($0.dropFirst(first * stride)) }
        guard let whole = EventQuery(phases: [bands] + [shifted].compactMap(\.self).filter { !$0.isEmpty })
        else { return nil }
        self.vector = vector
        (frameCount, duration) = (whole.frameCount, whole.duration)
        if whole.frameCount <= Self.longestPiece {
            pieces = [Piece(query: whole, offset: 0)]
        } else {
            pieces = Self.starts(in: bands, count: whole.frameCount).compactMap { start, end in
                EventQuery(phases: [Array(bands[start * stride..<end * stride])]).map {
                    Piece(query: $0, offset: start)
                }
            }
        }
        if pieces.isEmpty { return nil }
    }

    private static func firstHeard(in bands: [UInt8]) -> Int? {
        let peaks = stride(from: 0, to: bands.count - 3, by: FeatureFrames.bandStride).map { place in
            Float(bitPattern: bands[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        guard let top = peaks.max(), top > 0 else { return nil }
        return peaks.firstIndex { $0 * $0 > top * top * quiet }
    }

    /// Where pieces of a long sound begin, at events of its own, and end.
    private static func starts(in bands: [UInt8], count: Int) -> [(start: Int, end: Int)] {
        var starts = [0]
        for frame in SoundEvents(in: bands).frames.map(Int.init)
        where frame >= (starts.last ?? 0) + leastGap && frame + leastGap / 2 < count && starts.count < mostPieces {
            starts.append(frame)
        }
        return starts.enumerated().map { place, start in
            let next = place + 1 < starts.count ? starts[place + 1] : count
            return (start, min(next, start + EventQuery.mostFrames, bands.count / FeatureFrames.bandStride))
        }
    }

    /// The pieces by which candidates are found: that in the middle, and the outer ones, where there are several.
    var guides: [Piece] {
        guard pieces.count > 2, let last = pieces.last else { return pieces }
        return [pieces[0], pieces[pieces.count / 2], last]
    }
}
