import Platform
import SoundEvents
import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreStore

/// A recording that may have a sound in it.
struct Recording {
    var content: Int64
    var frameCount: Int
}

/// Looks closely at places of recordings, from their stored Bark bands: how well a sound agrees with what is there, and
/// how far the vectors of both are apart.
struct PlaceLooks {
    /// What a look at a place has found.
    struct Found {
        /// Where it was looked.
        var candidate: FoundPlace
        /// Where the sound begins, the score being the mean of the cosines of all pieces.
        var place: FoundPlace
        /// What is heard there, and the squared distance from the sound; nil as long as nobody has asked for it, or if
        /// that is too faint to have a vector.
        var vector: TimbreVector?
        var squaredDistance: Int?
    }

    let query: PlaceQuery
    let recordings: [Recording]
    let catalog: Catalog
    let metric: TimbreMetric
    let threads: Int

    /// Frames that are read at once at most, unless one place needs more.
    private static let mostFrames = 4096
    /// Frames over which a vector reaches at most: ten seconds.
    private static let longestWindow = 430

    /// Looks at places of which each is where the first piece may begin.
    ///
    /// - Parameter pieces: The pieces that are compared.
    /// - Returns: Those whose recording is there still, each where the sound begins if it is there.
    /// - Throws: What the catalog throws.
    /// - Complexity: O(*n*) in the number of places and pieces, some 0.25 ms each.
    func look(at places: [FoundPlace], pieces: [PlaceQuery.Piece]) throws -> [Found] {
        let groups = groups(of: places) { framesNeeded(at: $0, pieces) }
        return try groups[...].concurrentMap(threads: max(1, min(threads, groups.count))) { group in
            try look(group, pieces)
        }.flatMap(\.self)
    }

    /// The vectors of what is heard at places, for as long as the sound is.
    ///
    /// - Returns: Those of places whose recording is there still, and that are loud enough to have any.
    /// - Throws: What the catalog throws.
    func vectors(at places: [FoundPlace]) throws -> [FoundPlace: TimbreVector] {
        let groups = groups(of: places) { window(at: $0.frame, of: recordings[$0.sound].frameCount) }
        let found = try groups[...].concurrentMap(threads: max(1, min(threads, groups.count))) { group in
            guard let bands = try bands(of: group) else { return [(FoundPlace, TimbreVector?)]() }
            let windows = group.places.map { place in
                window(at: place.frame, of: recordings[place.sound].frameCount).shifted(by: -group.frames.lowerBound)
            }
            let vectors = metric.vectors(of: [TimbreMetric.Request(bands: bands, parts: windows)])[0]
            return Array(zip(group.places, vectors))
        }.flatMap(\.self)
        return Dictionary(found.compactMap { place, vector in vector.map { (place, $0) } }) { first, _ in first }
    }

    /// Places whose frames are read at once.
    private struct Group: Sendable {
        var places: [FoundPlace]
        var frames: Range<Int>
    }

    private func groups(of places: [FoundPlace], frames: (FoundPlace) -> Range<Int>) -> [Group] {
        var groups: [Group] = []
        for place in places.sorted(by: { ($0.sound, $0.frame) < ($1.sound, $1.frame) }) {
            let needed = frames(place)
            if needed.isEmpty { continue }
            if let last = groups.last, last.places[0].sound == place.sound,
                case let union = min(
                    last.frames.lowerBound, needed.lowerBound)..<max(last.frames.upperBound, needed.upperBound),
                union.count <= Self.mostFrames, needed.lowerBound <= last.frames.upperBound
            {
                groups[groups.count - 1].places.append(place)
                groups[groups.count - 1].frames = union
            } else {
                groups.append(Group(places: [place], frames: needed))
            }
        }
        return groups
    }

    private func framesNeeded(at place: FoundPlace, _ pieces: [PlaceQuery.Piece]) -> Range<Int> {
        let count = recordings[place.sound].frameCount
        // The first look moves the place, and with it all others.
        let frames = [place.frame - CloserLook.reach, place.frame + CloserLook.reach]
        let ranges = frames.flatMap { frame in
            pieces.filter { (0..<count).contains(frame + $0.offset) }.map { piece in
                CloserLook.framesNeeded(by: piece.query, at: frame + piece.offset, of: count)
            }
        }
        return (ranges.map(\.lowerBound).min() ?? 0)..<(ranges.map(\.upperBound).max() ?? 0)
    }

    /// The frames whose vector is compared with the sound's, if that begins with a frame.
    private func window(at frame: Int, of count: Int) -> Range<Int> {
        let length = min(max(query.frameCount, 1), Self.longestWindow)
        return min(max(frame, 0), count)..<min(max(frame, 0) + length, count)
    }

    /// The bands of a group; nil if its recording has been forgotten since.
    private func bands(of group: Group) throws -> [UInt8]? {
        let recording = recordings[group.places[0].sound]
        let bands = try catalog.read { try $0.bands(of: recording.content, frames: group.frames) }
        return bands.count == group.frames.count * FeatureFrames.bandStride ? bands : nil
    }

    private func look(_ group: Group, _ pieces: [PlaceQuery.Piece]) throws -> [Found] {
        guard let bands = try bands(of: group) else { return [] }
        let count = recordings[group.places[0].sound].frameCount
        return group.places.map { place in
            Found(
                candidate: place, place: self.place(place, pieces, in: bands, from: group.frames.lowerBound, count))
        }
    }

    /// Compares all pieces, each where it should be if the first one is where it agrees best.
    private func place(
        _ place: FoundPlace, _ pieces: [PlaceQuery.Piece], in bands: [UInt8], from first: Int, _ count: Int
    ) -> FoundPlace {
        var result = place
        var cosines: Float = 0
        for (number, piece) in pieces.enumerated() {
            let frame = result.frame + piece.offset
            guard (0..<count).contains(frame) else { continue }
            let needed = CloserLook.framesNeeded(by: piece.query, at: frame, of: count)
            let stride = FeatureFrames.bandStride
            let part = Array(bands[(needed.lowerBound - first) * stride..<(needed.upperBound - first) * stride])
            let look = CloserLook(piece.query, in: part, from: needed.lowerBound, of: count, at: frame)
            cosines += look.cosine
            if number == 0 { result.frame = look.frame - piece.offset }
        }
        result.frame = max(result.frame, 0)
        result.score = cosines / Float(max(pieces.count, 1))
        return result
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
