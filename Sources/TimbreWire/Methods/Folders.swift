import Varlink

/// Watches a folder from now on, across restarts.
package enum AddFolder: LibraryMethod {
    package static let access = Access.change
    /// The folder's absolute path.
    package typealias Parameters = WirePath
    /// The folder, watched.
    package typealias Reply = Folder
}

/// Stops watching a folder that was added at run time; what was learnt of its files is kept.
package enum RemoveFolder: LibraryMethod {
    package static let access = Access.change
    /// The folder's absolute path.
    package typealias Parameters = WirePath
    /// The folder, as it was before.
    package typealias Reply = Folder
}

/// Lists the watched folders.
package enum ListFolders: LibraryMethod {
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        package var folders: [Folder]

        package init(folders: [Folder]) { self.folders = folders }
    }
}

/// A watched folder.
package struct Folder: Codable, Hashable, Sendable {
    /// How changes are noticed.
    package enum Mode: String, Codable, Hashable, Sendable {
        /// The kernel tells.
        case inotify
        /// By looking from time to time: a network file system, or no inotify watches left.
        case polling
        /// Not at all: the folder is not there.
        case offline
    }

    /// Where the folder was named.
    package enum Origin: String, Codable, Hashable, Sendable {
        /// In the configuration file.
        case config
        /// By `timbrectl watch add`.
        case runtime
    }

    private var shown: ShownPath
    private var exact: ExactPath?
    package var mode: Mode
    /// Why the folder is polled or offline, and what to do about it.
    package var reason: String?
    /// How many files of it are known.
    package var files: Int
    package var origin: Origin
    /// How many known files were not there any more when the folder was last looked through, if they were many.
    package var vanished: Int?

    package init(
        path: WirePath, mode: Mode, reason: String? = nil, files: Int, origin: Origin, vanished: Int? = nil
    ) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.mode = mode
        self.reason = reason
        self.files = files
        self.origin = origin
        self.vanished = vanished
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case mode, reason, files, origin, vanished
    }
}
