import Platform
import TimbreCodes
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreMap
import TimbreStore

/// What the map's thread does when it looks at the library: it learns a map if one is due, and takes in who came and left.
///
/// It belongs to one thread. What it is told by `breathe` it asks for often, so that it ends at once, and goes on placing
/// newcomers on the map in use while the next is being learnt.
final class MapLoop {
    /// Thrown by `breathe` when the work has to end.
    struct Stopping: Error {}

    private let catalog: Catalog
    private let library: LiveLibrary
    private let storage: MapStorage
    /// Changes what others see of the map.
    private let publish: ((inout MapSnapshot) -> Void) -> Void
    /// Whether the library has changed since the last call; throws if the work has to end.
    private let breathe: () throws -> Bool

    private var due = MapDue()
    private var record: MapRecord?
    /// Files that have been looked at for the map in use, ascending: some have no place, for nothing is heard in them.
    private var seen: [Int64] = []
    /// What newcomers are put beside, and the generation that these are of; made when some come.
    private var newcomers: (value: Newcomers, generation: Int64)?
    private var isLoaded = false

    init(
        catalog: Catalog, library: LiveLibrary, storage: MapStorage,
        publish: @escaping ((inout MapSnapshot) -> Void) -> Void, breathe: @escaping () throws -> Bool
    ) {
        self.catalog = catalog
        self.library = library
        self.storage = storage
        self.publish = publish
        self.breathe = breathe
    }

    /// Whether there is memory that is not needed until somebody comes.
    var hasRoomToFree: Bool { newcomers != nil }

    /// Gives that memory back.
    func freeRoom() {
        newcomers = nil
        FreedMemory.giveBack()
    }

    /// Does what is due.
    ///
    /// - Returns: Whether there is nothing more to do until something changes.
    /// - Throws: ``Stopping``, and what the catalog throws.
    func goRound(mustLearn: Bool) throws -> Bool {
        if !isLoaded { try load() }
        try takeInChanges()
        let snapshot = library.snapshot
        guard
            snapshot.generation.hasVectors,
            due.isDue(
                fileCount: snapshot.index.fileCount, isComplete: snapshot.isComplete,
                generation: snapshot.generation.id, map: record, isWanted: mustLearn)
        else { return true }
        defer { publish { $0.progress = nil } }
        return try !learn(snapshot)
    }

    /// Reads the map in use.
    private func load() throws {
        var (files, points): ([Int64], [MapPoint]) = ([], [])
        var contents: Set<Int64> = []
        try catalog.read { reader in
            record = try reader.map()
            guard let record else { return }
            try reader.forEachFile(on: record.id) { file, place in
                files.append(file)
                points.append(MapPoint(x: place.x, y: place.y))
                contents.insert(place.content)
            }
        }
        (seen, newcomers) = (files, nil)
        due.loaded(placeCount: contents.count)
        publish { $0.replace(self.record, files: files, points: points) }
        isLoaded = true
    }

    // MARK: Learning

    /// Learns a map and puts it to use.
    ///
    /// - Returns: Whether there is one now: there may be too few sounds.
    private func learn(_ snapshot: LibrarySnapshot) throws -> Bool {
        let generation = snapshot.generation.id
        guard let learning = try MapLearning(catalog: catalog, snapshot: snapshot, before: record) else { return false }
        publish { $0.progress = 0 }
        let places = try learning.places { share in
            publish { $0.progress = share }
            if try breathe() { try takeInChanges() }
        }
        let next = try storage.begin(generation: generation)
        for start in stride(from: 0, to: places.count, by: MapStorage.batch) {
            if try breathe() { try takeInChanges() }
            try storage.add(Array(places[start..<min(start + MapStorage.batch, places.count)]), to: next)
        }
        // Another generation has come meanwhile: the next round learns that.
        guard library.snapshot.generation.id == generation else { return true }
        try storage.use(next, soundCount: places.count)
        FreedMemory.giveBack()
        try load()
        try takeInChanges()
        try storage.removeOthers(than: next) { _ = try breathe() }
        return true
    }

    // MARK: Taking in changes

    /// Puts files that came on the map, and takes those off it that left.
    private func takeInChanges() throws {
        guard let record else { return }
        let snapshot = library.snapshot
        let ids = snapshot.index.ids
        let (came, left) = Self.difference(from: seen, to: ids)
        if !left.isEmpty {
            let gone = Set(left)
            publish { $0.change(added: [], gone: gone) }
            seen.removeAll(where: gone.contains)
        }
        for start in stride(from: 0, to: came.count, by: MapStorage.batch) {
            if start > 0 { _ = try breathe() }
            let some = came[start..<min(start + MapStorage.batch, came.count)]
            let added = try place(some, on: record, snapshot)
            publish { $0.change(added: added, gone: []) }
            seen = Self.merged(seen, some)
        }
    }

    /// Finds out where files lie: where their contents do or, if these are new, beside the nearest.
    private func place(
        _ files: ArraySlice<Int64>, on record: MapRecord, _ snapshot: LibrarySnapshot
    ) throws -> [(file: Int64, point: MapPoint)] {
        var known: [Int64: MapPoint] = [:]
        let contents = try catalog.read { reader in
            try files.compactMap { file -> (file: Int64, content: Int64)? in
                guard let content = try reader.file(file)?.content else { return nil }
                if known[content] == nil, let place = try reader.place(of: content, on: record.id) {
                    known[content] = MapPoint(x: place.x, y: place.y)
                }
                return (file, content)
            }
        }
        var places: [MapPlace] = []
        for (file, content) in contents where known[content] == nil {
            guard let vector = snapshot.index.vector(of: file), let point = try place(vector, record, snapshot) else {
                continue
            }
            known[content] = point
            places.append(MapPlace(content: content, x: point.x, y: point.y, isLearnt: false))
        }
        if !places.isEmpty { try storage.add(places, to: record.id) }
        due.placed(places.count)
        return contents.compactMap { file, content in known[content].map { (file, $0) } }
    }

    /// Puts a sound beside the nearest ones; nil if none of those that the map was learnt from is left.
    private func place(_ vector: TimbreVector, _ record: MapRecord, _ snapshot: LibrarySnapshot) throws -> MapPoint? {
        if newcomers?.generation != snapshot.generation.id {
            newcomers = try MapLearning.newcomers(of: record, catalog, snapshot).map { ($0, snapshot.generation.id) }
        }
        return newcomers?.value.place(vector)
    }

    /// What is in one ascending list alone, and what in the other.
    static func difference(from old: [Int64], to new: [Int64]) -> (came: [Int64], left: [Int64]) {
        var (came, left): ([Int64], [Int64]) = ([], [])
        var place = 0
        for id in new {
            while place < old.count, old[place] < id {
                left.append(old[place])
                place += 1
            }
            if place < old.count, old[place] == id { place += 1 } else { came.append(id) }
        }
        return (came, left + old[place...])
    }

    /// Two ascending lists as one.
    static func merged(_ first: [Int64], _ second: ArraySlice<Int64>) -> [Int64] {
        if first.last ?? .min < second.first ?? .max { return first + second }
        return (first + second).sorted()
    }
}
