import Varlink

/// Compares the library with the disk.
package enum Scan: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        private var shown: ShownPath?
        private var exact: ExactPath?
        /// Reply when all that was found is searchable, not when the comparison has begun.
        @FalseIfAbsent package var wait: Bool

        package init(directory: WirePath? = nil, wait: Bool = false) {
            shown = directory.map(ShownPath.init)
            exact = directory.flatMap(ExactPath.init)
            self.wait = wait
        }

        /// The folder to compare, with all that is below it; every watched folder if nil.
        package var directory: WirePath? { shown.map { WirePath($0, exact) } }

        private enum CodingKeys: String, CodingKey {
            case shown = "directory"
            case exact = "directory_bytes"
            case wait
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Whether the comparison is done and what it found is searchable.
        package var finished: Bool
        /// Files found on disk; absent if not finished, as are the others.
        package var files: Int?
        /// Files that were new or had changed.
        package var changed: Int?
        /// Files that were no longer there.
        package var gone: Int?

        package init(finished: Bool, files: Int? = nil, changed: Int? = nil, gone: Int? = nil) {
            self.finished = finished
            self.files = files
            self.changed = changed
            self.gone = gone
        }
    }
}

/// Replies when all that was on disk before the call is searchable.
package enum Sync: LibraryMethod {
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        /// How long it took, in seconds.
        package var seconds: Double

        package init(seconds: Double) { self.seconds = seconds }
    }
}

/// Stops reading new files, across restarts; queries go on.
package enum Pause: LibraryMethod {
    package static let access = Access.change
    package typealias Parameters = Nothing
    package typealias Reply = StateReply
}

/// Reads new files again.
package enum Resume: LibraryMethod {
    package static let access = Access.change
    package typealias Parameters = Nothing
    package typealias Reply = StateReply
}

/// What the daemon is doing now.
package struct StateReply: Codable, Hashable, Sendable {
    package var state: DaemonState

    package init(state: DaemonState) { self.state = state }
}

/// Reads the configuration again; replies when it is in force.
package enum Reload: LibraryMethod {
    package static let access = Access.change
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        /// The keys whose values are others than before.
        package var changed: [String]
        /// Those among them that wait for a restart.
        package var needRestart: [String]
        /// Whether folders are still being looked through, so that the library does not show all that has changed yet.
        @FalseIfAbsent package var stillLooking: Bool

        package init(changed: [String], needRestart: [String] = [], stillLooking: Bool = false) {
            self.changed = changed
            self.needRestart = needRestart
            self.stillLooking = stillLooking
        }

        private enum CodingKeys: String, CodingKey {
            case changed
            case needRestart = "need_restart"
            case stillLooking = "still_looking"
        }
    }
}
