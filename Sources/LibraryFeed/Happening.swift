import ContentHash
import SystemPackage

/// Something that happened to the library, as those who follow it are told.
///
/// Whoever knows the list of files at one moment, and applies all that happened since, knows the list of now.
package enum Happening: Hashable, Sendable {
    case file(FileHappening)
    /// A directory has another name, with all that lies below it.
    case directoryRenamed(from: FilePath, to: FilePath)
    /// A watched folder is there, or watched in another way than before.
    case folderOnline(FilePath, words: String)
    /// A watched folder is not there any more; its files are told of one by one.
    case folderOffline(FilePath, reason: String)
    /// A folder is not watched any more; its files are told of one by one.
    case folderRemoved(FilePath)
    /// Another model is in use: all codes and vectors are its own.
    case model(ContentHash)
    /// Everything that was found on disk is searchable.
    case caughtUp
    case paused
    case resumed
    /// Nothing can be stored, and why.
    case stuck(String)
    /// What could not be stored is stored now.
    case unstuck
}
