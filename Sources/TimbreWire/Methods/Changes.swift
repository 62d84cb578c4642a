import Varlink

/// Tells what changed in the library, for those who keep a copy of it elsewhere: the last change of each file and directory.
///
/// Nothing is ever missed: a client that has been away for however long goes on where it was.
package enum Changes: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// Where an earlier answer ended, as its ``Reply/next`` and ``Reply/history`` said; everything if absent.
        package var after: Int?
        package var history: String?
        /// How many changes one reply has at most, from 1 to 10 000; 1000 if absent.
        package var limit: Int?
        /// Whether to wait for more behind the last change, for as long as the client likes. At least every ten seconds a
        /// reply comes, if only to say that there is nothing.
        @FalseIfAbsent package var follow: Bool
        /// Whether one reply is all that is wanted, whatever there is behind it. If it is to follow as well, that reply waits
        /// for something to tell, for ten seconds at most.
        @FalseIfAbsent package var once: Bool
        /// The model of an earlier reply, as its ``Reply/model`` said: that another one is in use by now is something to tell.
        package var known: String?
        /// `sha256:…`: a model of this library under which codes and vectors are told; the one in use if absent.
        package var model: String?

        package init(
            after: Int? = nil, history: String? = nil, limit: Int? = nil, follow: Bool = false, once: Bool = false,
            known: String? = nil, model: String? = nil
        ) {
            self.after = after
            self.history = history
            self.limit = limit
            self.follow = follow
            self.once = once
            self.known = known
            self.model = model
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// The random name of the library, 32 hexadecimal digits.
        package var library: String
        /// `sha256:…`: the model that codes and vectors come from. Under another one everything is to be read anew.
        package var model: String
        /// Where to go on.
        package var next: Int
        /// What that number belongs to.
        package var history: String
        /// Whether everything is told from the beginning, and what is not told is gone.
        @FalseIfAbsent package var anew: Bool
        /// Whether these are all changes that there are now.
        @FalseIfAbsent package var last: Bool
        /// The directories that changed, and those of the files.
        package var directories: [Directory]
        /// The files that can be found, as they are now.
        package var files: [File]
        /// The numbers of files that cannot be found any more.
        package var gone: [Int]

        package init(
            library: String, model: String, next: Int, history: String, anew: Bool, last: Bool,
            directories: [Directory], files: [File], gone: [Int]
        ) {
            self.library = library
            self.model = model
            self.next = next
            self.history = history
            self.anew = anew
            self.last = last
            self.directories = directories
            self.files = files
            self.gone = gone
        }
    }

    /// A directory; one without a path is gone.
    package struct Directory: Codable, Hashable, Sendable {
        package var id: Int
        private var shown: ShownPath?
        private var exact: ExactPath?

        package init(id: Int, path: WirePath?) {
            self.id = id
            shown = path.map(ShownPath.init)
            exact = path.flatMap(ExactPath.init)
        }

        package var path: WirePath? { shown.map { WirePath($0, exact) } }

        private enum CodingKeys: String, CodingKey {
            case id
            case shown = "path"
            case exact = "path_bytes"
        }
    }

    /// A file that can be found.
    package struct File: Codable, Hashable, Sendable {
        /// Its age in the library.
        package var id: Int
        /// The directory that it lies in.
        package var directory: Int
        private var shown: ShownPath
        private var exact: ExactPath?
        /// When it was first seen, in seconds since 1970.
        package var added: Double
        /// Whether its folder is not there now.
        @FalseIfAbsent package var offline: Bool
        /// `sha256:…`: the hash of its bytes.
        package var content: String
        /// How many bytes these are; absent from an earlier daemon.
        package var size: Int?
        /// Length of the sound, in seconds.
        package var duration: Double
        package var channels: Int
        /// Samples at 22 050 Hz.
        package var samples: Int
        /// The codes of the spans, 16 bytes each.
        package var codes: Base64
        /// The vector of the whole sound, then those of the spans, 128 bytes each; −128 first where there is none.
        package var vectors: Base64

        package init(
            id: Int, directory: Int, name: WirePath, added: Double, offline: Bool, content: String, size: Int?,
            duration: Double, channels: Int, samples: Int, codes: Base64, vectors: Base64
        ) {
            self.id = id
            self.directory = directory
            shown = ShownPath(name)
            exact = ExactPath(name)
            self.added = added
            self.offline = offline
            self.content = content
            self.size = size
            self.duration = duration
            self.channels = channels
            self.samples = samples
            self.codes = codes
            self.vectors = vectors
        }

        /// The last part of its path.
        package var name: WirePath { WirePath(shown, exact) }

        private enum CodingKeys: String, CodingKey {
            case id, directory
            case shown = "name"
            case exact = "name_bytes"
            case added, offline, content, size, duration, channels, samples, codes, vectors
        }
    }
}
