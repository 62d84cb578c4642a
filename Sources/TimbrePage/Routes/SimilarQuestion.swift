import TimbreWire

/// Which sounds are alike, as the page asks it.
struct SimilarQuestion: Decodable {
    private var like: [PageSound]
    private var not: [PageSound]?
    private var at: TimeSpan?
    private var count: Int
    private var places: Bool?
    private var filter: FileFilter?

    /// What the daemon is asked.
    ///
    /// - Parameter heard: Finds a sound that was dropped.
    func parameters(heard: (String) -> QuerySound?) throws -> Similar.Parameters {
        let unwanted = try (not ?? []).map { try $0.query(heard) }
        return Similar.Parameters(
            queries: try like.map { try $0.query(heard) }, not: unwanted.isEmpty ? nil : unwanted, at: at, count: count,
            segments: places ?? false, filter: filter)
    }
}
