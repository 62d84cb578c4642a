import Varlink

/// Tells what happens in the library, as it happens.
///
/// Each reply is one event. Events have numbers, each one greater than the one before, in the order in which the library
/// changed; what an event tells of can be asked for as soon as it is told. The numbers of another run of the daemon are
/// others.
package enum Follow: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// Tells only of new sounds that are like these; of everything if absent.
        package var like: [QuerySound]?
        /// The largest distance that counts as like; if absent, a score of one half or more does.
        package var maxDistance: Double?
        /// Begins behind the event of this number, which the client has had; with what happens from now on if absent.
        package var since: Int?
        /// Lists all files first, as they are where the events begin.
        @FalseIfAbsent package var snapshot: Bool

        package init(
            like: [QuerySound]? = nil, maxDistance: Double? = nil, since: Int? = nil, snapshot: Bool = false
        ) {
            self.like = like
            self.maxDistance = maxDistance
            self.since = since
            self.snapshot = snapshot
        }

        private enum CodingKeys: String, CodingKey {
            case like
            case maxDistance = "max_distance"
            case since, snapshot
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var event: FollowEvent
        /// The number of the event. Events about the stream itself have that of the last one before them.
        package var number: Int
        /// When it happened, in seconds since 1970.
        package var time: Double
        /// The file that it is about. Of a file that is renamed, removed, offline or back only path, number and state are
        /// told: all else is as it was.
        package var file: FileItem?
        /// The folder that it is about, or the new name of a directory.
        package var path: WirePath?
        /// The earlier name of a file or directory that is renamed.
        package var before: WirePath?
        /// The earlier number of a file that has another one since its sound has changed.
        package var earlierID: Int?
        /// Why, or how, in one line to show.
        package var reason: String?
        /// `sha256:…`: the model in use.
        package var model: String?
        /// How far a new sound is from what it is to be like, in the metric's own unit.
        package var distance: Double?
        /// The score of a new sound, 0 to 1.
        package var score: Double?
        /// How many events were not told; absent if nobody knows.
        package var missed: Int?

        package init(_ event: FollowEvent, number: Int, time: Double) {
            self.event = event
            self.number = number
            self.time = time
        }

        private enum CodingKeys: String, CodingKey {
            case event, number, time, file, path, before
            case earlierID = "earlier_id"
            case reason, model, distance, score, missed
        }
    }
}

/// What an event tells.
package enum FollowEvent: String, Codable, Hashable, Sendable, CaseIterable {
    /// A file, as it is where the events begin.
    case listed
    /// Events follow from here on: the next has a greater number.
    case ready
    /// A file was seen for the first time, and waits to be read.
    case found
    /// A file waits to be read again.
    case retried
    /// A file is searchable.
    case indexed
    /// A file is searchable, and holds something else than before.
    case changed
    case renamed
    /// A file is not there any more, or not in a watched folder.
    case removed
    /// A file could not be read.
    case failed
    /// A file is left out for what is in it.
    case skipped
    /// A file is in a folder that is not there now.
    case offline
    /// A file is there again, as it was.
    case back
    /// A directory has another name, with all that lies below it.
    case directoryRenamed = "directory_renamed"
    case folderOnline = "folder_online"
    case folderOffline = "folder_offline"
    /// A folder is not watched any more.
    case folderRemoved = "folder_removed"
    /// Another model is in use.
    case model
    /// All that was found on disk is searchable.
    case caughtUp = "caught_up"
    case paused
    case resumed
    /// Nothing can be stored; ingest waits.
    case stuck
    /// What could not be stored is stored now.
    case unstuck
    /// Events were not told, up to this number. Only a new listing tells how things are.
    case lost
    /// The daemon is stopping: this was the last.
    case stopping
}
