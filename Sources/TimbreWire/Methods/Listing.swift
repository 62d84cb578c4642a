import Varlink

/// Lists the files of the watched folders.
package enum List: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        private var shown: ShownPath?
        private var exact: ExactPath?
        /// Also names that were left out, such as those that match `exclude`, as skipped.
        @FalseIfAbsent package var all: Bool
        /// Which files are listed; if it is given, only searchable ones are.
        package var filter: FileFilter?

        package init(directory: WirePath? = nil, all: Bool = false, filter: FileFilter? = nil) {
            self.filter = filter
            shown = directory.map(ShownPath.init)
            exact = directory.flatMap(ExactPath.init)
            self.all = all
        }

        /// The folder to list, with all that is below it; every watched folder if nil.
        package var directory: WirePath? { shown.map { WirePath($0, exact) } }

        private enum CodingKeys: String, CodingKey {
            case shown = "directory"
            case exact = "directory_bytes"
            case all, filter
        }
    }

    /// Some of the files, in the order of their paths' bytes.
    package struct Reply: Codable, Hashable, Sendable {
        package var files: [FileItem]
        /// In the last reply: whether all that the filter asks for is known of all files; absent if it asks for nothing
        /// that may not be.
        package var complete: Bool?
        /// The shards of a cluster that did not answer, or not to the end; absent if all did.
        package var missing: [MissingShard]?
        /// Of a cluster: why there are no files, in words.
        package var why: String?

        package init(files: [FileItem], complete: Bool? = nil, missing: [MissingShard]? = nil) {
            self.files = files
            self.complete = complete
            self.missing = missing
        }
    }
}

/// Tells which files meet a filter, by their numbers alone: for those who know the files, such as the page.
package enum Numbers: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        package var filter: FileFilter

        package init(filter: FileFilter) { self.filter = filter }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Some of the numbers, ascending.
        package var numbers: [Int]
        /// As that of ``List/Reply``.
        package var complete: Bool?

        package init(numbers: [Int], complete: Bool? = nil) {
            self.numbers = numbers
            self.complete = complete
        }
    }
}

/// Lists the files that could not be read.
package enum Errors: LibraryMethod {
    package static let streaming = Streaming.always

    package typealias Parameters = Nothing

    /// Some of the files, in the order of their paths' bytes.
    package struct Reply: Codable, Hashable, Sendable {
        package var files: [FailedFile]

        package init(files: [FailedFile]) { self.files = files }
    }
}

/// A file that could not be read, or was left out for what is in it.
package struct FailedFile: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    package var state: FileState
    /// Why, for a program: `unreadable`, `unknown_format`, `unsupported`, `damaged`, `empty`, `out_of_limits` or `crashed`.
    package var reason: String
    /// Why, in one line to show.
    package var error: String
    /// How often it was tried.
    package var attempts: Int
    /// When it was last tried, in seconds since 1970.
    package var time: Double

    package init(path: WirePath, state: FileState, reason: String, error: String, attempts: Int, time: Double) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.state = state
        self.reason = reason
        self.error = error
        self.attempts = attempts
        self.time = time
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case state, reason, error, attempts, time
    }
}

/// Draws files at random.
package enum Random: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// How many, from 1 to 10 000; 10 if absent. Fewer come if there are fewer.
        package var count: Int?
        /// Which files may be drawn; all that are indexed if absent.
        package var filter: FileFilter?
        /// The same seed draws the same files from the same library.
        package var seed: Int?

        package init(count: Int? = nil, filter: FileFilter? = nil, seed: Int? = nil) {
            self.count = count
            self.filter = filter
            self.seed = seed
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var files: [FileItem]
        /// Why there are no files; absent if there are.
        package var nothing: EmptyAnswer?
        /// As that of ``List/Reply``.
        package var complete: Bool?
        /// The shards of a cluster that did not answer; absent if all did.
        package var missing: [MissingShard]?
        /// Of a cluster: why there are no files, in words.
        package var why: String?

        package init(
            files: [FileItem], nothing: EmptyAnswer? = nil, complete: Bool? = nil, missing: [MissingShard]? = nil
        ) {
            self.files = files
            self.nothing = nothing
            self.complete = complete
            self.missing = missing
        }
    }
}

/// Tries files again that could not be read.
package enum Retry: LibraryMethod {
    package static let access = Access.change

    package struct Parameters: Codable, Hashable, Sendable {
        /// The files; all that failed if absent.
        package var files: [WirePath]?

        package init(files: [WirePath]?) { self.files = files }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// How many files wait to be read again.
        package var queued: Int

        package init(queued: Int) { self.queued = queued }
    }
}
