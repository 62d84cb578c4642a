import TimbreCodes

/// Vectors in the order in which they were given, searched exactly.
package struct VectorTable: Sendable {
    private(set) var columns = VectorColumns()

    /// A vector that a search found.
    package struct Neighbour: Hashable, Sendable {
        /// Its place in the table.
        package var place: Int
        /// How far it is, squared.
        package var squaredDistance: Int
    }

    package init(_ vectors: some Sequence<TimbreVector> = []) {
        for vector in vectors { columns.append(vector) }
    }

    package var count: Int { columns.count }

    package subscript(place: Int) -> TimbreVector {
        guard let vector = columns[place] else { preconditionFailure("only vectors were given") }
        return vector
    }

    /// Finds the nearest vectors, nearest first; of equally near ones the first is nearer.
    ///
    /// - Parameter excluded: The place of a vector that is not to be found.
    /// - Complexity: O(*n*) in the number of vectors.
    package func nearest(to vector: TimbreVector, count: Int, excluding excluded: Int? = nil) -> [Neighbour] {
        let query = VectorQuery([(vector, 1)], rule: .least)
        guard var search = VectorSearch(for: query, count: count, maxDistance: nil) else { return [] }
        search.look(through: columns, of: 0, with: ()) { place, _ in place == excluded ? nil : place }
        return search.found.map { Neighbour(place: Int($0.place), squaredDistance: Int($0.distance)) }
    }
}
