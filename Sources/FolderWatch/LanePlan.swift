import SystemPackage

/// Which lane each folder belongs to, and which folders do not answer.
///
/// The plan looks at nothing and is told all that it goes by.
package struct LanePlan {
    /// A folder whose lane is stuck in a look.
    package struct Silence: Sendable {
        /// What stands for the lane of a folder that could have none.
        static let noLane = -1

        /// The lane that is stuck.
        var lane: Int
        var status: FolderStatus
        /// The mount that the folder lay on: once it lies on another, the lane need not be waited for.
        var mount: Int?

        package init(lane: Int, status: FolderStatus, mount: Int?) {
            (self.lane, self.status, self.mount) = (lane, status, mount)
        }
    }

    /// The folders to be watched, in the order in which they were asked for.
    package private(set) var folders: [FilePath] = []
    /// Those that do not answer.
    package private(set) var silent: [FilePath: Silence] = [:]
    /// Those that have a lane of their own, whatever they lie on.
    private var alone: Set<FilePath> = []

    package init() {}

    /// The folders of the shared lane.
    package var shared: [FilePath] { folders.filter { !alone.contains($0) && silent[$0] == nil } }
    /// The folders that have a lane each.
    package var separate: [FilePath] { folders.filter { alone.contains($0) && silent[$0] == nil } }

    /// Watches these folders and no others.
    ///
    /// - Parameter isServed: Whether a path lies on a file system that can stop answering.
    package mutating func setFolders(_ folders: [FilePath], isServed: (FilePath) -> Bool) {
        alone.formIntersection(folders)
        silent = silent.filter { folders.contains($0.key) }
        for folder in folders where !self.folders.contains(folder) && isServed(folder) { alone.insert(folder) }
        self.folders = folders
    }

    /// Gives a folder a lane of its own.
    package mutating func separate(_ folder: FilePath) { if folders.contains(folder) { alone.insert(folder) } }

    /// Gives a folder back to the shared lane.
    package mutating func share(_ folder: FilePath) { alone.remove(folder) }

    /// Notes that a folder does not answer. From now on it has a lane of its own, so that it holds up no other again.
    package mutating func fellSilent(_ folder: FilePath, _ silence: Silence) {
        guard folders.contains(folder) else { return }
        silent[folder] = silence
        alone.insert(folder)
    }

    /// Notes that a lane that was stuck has come to its end: its folder may answer again.
    package mutating func ended(lane: Int) { silent = silent.filter { $0.value.lane != lane } }

    /// Notes what is mounted now: a folder that lies on another mount than when it fell silent may answer.
    package mutating func mountsChanged(_ number: (FilePath) -> Int?) {
        silent = silent.filter { $0.value.mount == number($0.key) }
    }
}
