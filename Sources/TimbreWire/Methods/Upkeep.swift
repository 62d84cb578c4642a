import Varlink

/// Compares the live index with plain answers from the database.
package enum Verify: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// How many files to search by, drawn at random; 100 if absent.
        package var queries: Int?
        /// The same seed draws the same files.
        package var seed: Int?

        package init(queries: Int? = nil, seed: Int? = nil) {
            self.queries = queries
            self.seed = seed
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// How many searches were compared.
        package var queries: Int
        /// Those whose answers differ, at most 100.
        package var differences: [VerifyDifference]
        package var seconds: Double

        package init(queries: Int, differences: [VerifyDifference], seconds: Double) {
            self.queries = queries
            self.differences = differences
            self.seconds = seconds
        }
    }
}

/// A search that the live index answered otherwise than the database.
package struct VerifyDifference: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    /// The first place that differs, from 1.
    package var rank: Int
    /// What stands there by the database, and in the live index; absent if nothing does.
    package var expected: WirePath?
    package var found: WirePath?

    package init(query: WirePath, rank: Int, expected: WirePath?, found: WirePath?) {
        shown = ShownPath(query)
        exact = ExactPath(query)
        self.rank = rank
        self.expected = expected
        self.found = found
    }

    /// The file that was searched by.
    package var query: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case rank, expected, found
    }
}

/// Forgets what was kept of deleted files, or of an offline folder.
package enum Prune: LibraryMethod {
    package static let access = Access.change

    package struct Parameters: Codable, Hashable, Sendable {
        /// Only tell what would be forgotten.
        @FalseIfAbsent package var dryRun: Bool
        /// The offline folder to forget; what was kept of deleted files if absent.
        package var offline: WirePath?

        package init(dryRun: Bool = false, offline: WirePath? = nil) {
            self.dryRun = dryRun
            self.offline = offline
        }

        private enum CodingKeys: String, CodingKey {
            case dryRun = "dry_run"
            case offline
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Whether it is forgotten: false after a dry run.
        package var pruned: Bool
        /// Files that are no longer there.
        package var files: Int
        /// Sounds that no file has any more.
        package var contents: Int
        /// Bytes of the database that become free.
        package var bytes: Int
        /// The first of the files, at most 100.
        package var examples: [WirePath]

        package init(pruned: Bool, files: Int, contents: Int, bytes: Int, examples: [WirePath]) {
            self.pruned = pruned
            self.files = files
            self.contents = contents
            self.bytes = bytes
            self.examples = examples
        }
    }
}
