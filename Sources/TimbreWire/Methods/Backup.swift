import Varlink

/// Writes the whole library into a file that the client has opened and passes with the call (SCM_RIGHTS).
///
/// So the file may lie where the daemon itself may not write. Comes to its name, and to the disk, by the client.
package enum Backup: LibraryMethod {
    package static let access = Access.change
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// The number of the descriptor among those that are passed: 0.
        package var file: Int

        package init(file: Int = 0) { self.file = file }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Bytes that are written, and will be; in all replies but the last.
        package var progress: Progress?
        /// What is in the backup; only in the last reply.
        package var outcome: Outcome?

        package init(progress: Progress) { self.progress = progress }
        package init(outcome: Outcome) { self.outcome = outcome }
    }

    package struct Outcome: Codable, Hashable, Sendable {
        /// Files of the library.
        package var files: Int
        /// Different sounds.
        package var contents: Int

        package init(files: Int, contents: Int) {
            self.files = files
            self.contents = contents
        }
    }

    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        guard parameters.file == 0 else { throw .invalidParameter("file") }
    }
}

/// Puts the library of a backup in the place of the present one, which is kept aside.
///
/// The client passes the file with the call, open for reading. The daemon reads it to its end and answers; then it starts
/// anew within its process, with the other library.
package enum Restore: LibraryMethod {
    package static let access = Access.change
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// The number of the descriptor among those that are passed: 0.
        package var file: Int
        /// Whether the library gets a random name of its own, because the one that was backed up lives on elsewhere.
        @FalseIfAbsent package var copy: Bool

        package init(file: Int = 0, copy: Bool = false) {
            self.file = file
            self.copy = copy
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Bytes that are read; in all replies but the last.
        package var progress: Progress?
        /// What becomes the library; only in the last reply.
        package var outcome: Outcome?

        package init(progress: Progress) { self.progress = progress }
        package init(outcome: Outcome) { self.outcome = outcome }
    }

    package struct Outcome: Codable, Hashable, Sendable {
        /// Files of the library in the backup.
        package var files: Int
        /// Different sounds in it.
        package var contents: Int
        /// Of which moment it is, in seconds since 1970.
        package var created: Double
        /// The version of timbred that made the backup.
        package var version: String
        /// The folder where the library will lie that has been there until now.
        package var aside: WirePath
        /// Where the configuration of the backup will lie; absent if that is the present one, or there is none in it.
        package var configuration: WirePath?

        package init(
            files: Int, contents: Int, created: Double, version: String, aside: WirePath, configuration: WirePath? = nil
        ) {
            self.files = files
            self.contents = contents
            self.created = created
            self.version = version
            self.aside = aside
            self.configuration = configuration
        }
    }

    package static func check(_ parameters: Parameters) throws(VarlinkError) {
        guard parameters.file == 0 else { throw .invalidParameter("file") }
    }
}
