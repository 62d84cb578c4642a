import TimbreWire

/// Which sounds lead from one to another, as the page asks it.
struct WayQuestion: Decodable {
    private var from: PageSound
    private var to: PageSound
    private var count: Int?
    private var filter: FileFilter?

    /// What the daemon is asked.
    ///
    /// - Parameter heard: Finds a sound that was dropped.
    func parameters(heard: (String) -> QuerySound?) throws -> FindPath.Parameters {
        FindPath.Parameters(from: try from.query(heard), to: try to.query(heard), count: count, filter: filter)
    }
}
