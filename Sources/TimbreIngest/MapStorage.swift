import Platform
import TimbreStore

/// Keeps the map on disk: only ingest writes.
///
/// Each call is one short turn of ingest, and blocks until that is on disk. Calls throw ``IngestBusy`` when ingest has
/// ended, and whatever the catalog throws; then nothing has happened.
package struct MapStorage: Sendable {
    private let ingest: Ingest

    /// Places in one call: some milliseconds.
    package static let batch = 2048

    package init(ingest: Ingest) { self.ingest = ingest }

    /// Begins a map of a generation, which is not in use yet.
    ///
    /// - Returns: Its number.
    package func begin(generation: Int64) throws -> Int64 {
        try ingest.perform { loop in try loop.transact { try $0.writer.addMap(model: generation) } }
    }

    /// Notes where contents lie on a map.
    ///
    /// - Precondition: There are ``batch`` places at most.
    package func add(_ places: [MapPlace], to map: Int64) throws {
        precondition(places.count <= Self.batch)
        try ingest.perform { loop in try loop.transact { try $0.writer.setPlaces(places, on: map) } }
    }

    /// Puts a map to use that has all its places.
    package func use(_ map: Int64, soundCount: Int) throws {
        let time = WallClock.seconds()
        try ingest.perform { loop in
            try loop.transact { try $0.writer.useMap(map, soundCount: soundCount, at: time) }
        }
    }

    /// Removes all other maps, a batch a turn.
    package func removeOthers(than map: Int64?, _ goOn: () throws -> Void) throws {
        var isDone = false
        while !isDone {
            try goOn()
            isDone = try ingest.perform { loop in
                try loop.transact { try $0.writer.removeOtherPlaces(than: map, limit: Self.batch) }
            }
        }
    }
}
