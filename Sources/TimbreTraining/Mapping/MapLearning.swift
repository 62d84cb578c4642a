import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreMap
import TimbreStore

/// The sounds that a map is learnt from, and those that are put beside them.
struct MapLearning {
    /// A sound of the library: a content, however many files hold it.
    private struct Sound {
        var content: Int64
        var vector: TimbreVector
    }

    /// By hash, so that it does not matter which came first.
    private let sounds: [Sound]
    /// Where each lay on the map before; nil if there is none, or it has not all of them.
    private let earlier: [MapPoint]?

    /// Gathers the sounds of a library.
    ///
    /// - Parameter before: The map in use.
    /// - Returns: nil if there are too few.
    init?(catalog: Catalog, snapshot: LibrarySnapshot, before: MapRecord?) throws {
        (sounds, earlier) = try catalog.read { reader in
            let sounds = try reader.contentsWithFile().compactMap { content, file in
                snapshot.index.vector(of: file).map { Sound(content: content, vector: $0) }
            }
            guard let before else { return (sounds, nil) }
            let places = try sounds.prefix(SoundMap.mostSounds).compactMap { sound in
                try reader.place(of: sound.content, on: before.id).map { MapPoint(x: $0.x, y: $0.y) }
            }
            return (sounds, places.count == min(sounds.count, SoundMap.mostSounds) ? places : nil)
        }
        if sounds.count < SoundMap.fewestSounds { return nil }
    }

    /// Learns where all lie.
    ///
    /// - Parameter progress: Is told what share of the work is done; throws to end it.
    /// - Complexity: As ``SoundMap``; and a search for each sound that is not laid out.
    func places(progress: (Double) throws -> Void) throws -> [MapPlace] {
        let laidOut = sounds.prefix(SoundMap.mostSounds)
        let others = sounds.dropFirst(SoundMap.mostSounds)
        let share = 1 / (1 + 0.25 * Double(others.count) / Double(laidOut.count))
        let points = try SoundMap(of: laidOut.map(\.vector), earlier: earlier) { try progress($0 * share) }.points
        var places = zip(laidOut, points).map { sound, point in
            MapPlace(content: sound.content, x: point.x, y: point.y, isLearnt: true)
        }
        guard !others.isEmpty else { return places }
        var newcomers = Newcomers(laidOut: zip(laidOut, points).lazy.map { ($0.vector, $1) })
        for (number, sound) in others.enumerated() {
            if number.isMultiple(of: 64) {
                try progress(share + (1 - share) * Double(number) / Double(others.count))
            }
            let point = newcomers.place(sound.vector)
            places.append(MapPlace(content: sound.content, x: point.x, y: point.y, isLearnt: false))
        }
        return places
    }

    /// What newcomers are put beside on a map that was learnt before.
    ///
    /// - Returns: nil if no file is left of what it was learnt from.
    static func newcomers(of map: MapRecord, _ catalog: Catalog, _ snapshot: LibrarySnapshot) throws -> Newcomers? {
        var laidOut: [(vector: TimbreVector, point: MapPoint)] = []
        var others: [MapPoint] = []
        var contents: Set<Int64> = []
        try catalog.read { reader in
            try reader.forEachFile(on: map.id) { file, place in
                guard contents.insert(place.content).inserted else { return }
                let point = MapPoint(x: place.x, y: place.y)
                if place.isLearnt, let vector = snapshot.index.vector(of: file) {
                    laidOut.append((vector, point))
                } else {
                    others.append(point)
                }
            }
        }
        return laidOut.isEmpty ? nil : Newcomers(laidOut: laidOut, others: others)
    }
}
