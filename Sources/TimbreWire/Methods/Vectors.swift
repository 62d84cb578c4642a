/// Tells by what sounds are searched, for a search elsewhere under the same model.
package enum Vectors: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// The sounds, at least one, and no codes.
        package var queries: [QuerySound]
        /// The part of them that counts; all of it if absent.
        package var at: TimeSpan?

        package init(queries: [QuerySound], at: TimeSpan? = nil) {
            self.queries = queries
            self.at = at
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// What was asked for, in the order of the request.
        package var query: [QueryEcho]
        /// The random name of the library, 32 hexadecimal digits.
        package var library: String
        /// `sha256:…`: the model that vectors and codes come from.
        package var model: String
        /// The numbers of those sounds that are files of the library.
        package var own: [Int]
        /// The ways to read the sounds, each with a vector of 128 bytes for every sound. The nearer reading counts.
        package var readings: [[Base64]]
        /// The codes of all spans of all sounds.
        package var codes: [Base64]

        package init(
            query: [QueryEcho], library: String, model: String, own: [Int], readings: [[Base64]], codes: [Base64]
        ) {
            self.query = query
            self.library = library
            self.model = model
            self.own = own
            self.readings = readings
            self.codes = codes
        }
    }
}

/// Tells what squared distances from vectors mean.
package enum Distances: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// The vectors of the sounds that were searched by, 128 bytes each.
        package var vectors: [Base64]
        /// Squared distances, in squares of a component's unit.
        package var squared: [Double]
        /// `sha256:…`: the model under which they were measured.
        package var model: String

        package init(vectors: [Base64], squared: [Double], model: String) {
            self.vectors = vectors
            self.squared = squared
            self.model = model
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// The same in the metric's own unit.
        package var distances: [Double]
        /// What a search of the library would say of files so far away.
        package var scores: [Double]
        /// Nothing is near if no score is as high as this.
        package var least: Double

        package init(distances: [Double], scores: [Double], least: Double) {
            self.distances = distances
            self.scores = scores
            self.least = least
        }
    }
}
