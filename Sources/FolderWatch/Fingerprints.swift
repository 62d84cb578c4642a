import Platform
import SystemPackage

/// What the directories of a folder looked like when they were last listed, so that a listing that says nothing new need
/// not be told.
///
/// Of a folder with very many files nothing is kept, unless it has to be.
struct Fingerprints {
    private struct Print {
        var hash: Int
        var fileCount: Int
    }

    private var prints: [FilePath: Print] = [:]
    private var fileCount = 0
    /// Whether there turned out to be too many.
    private(set) var isLarge = false

    private static let mostDirectories = 1_000
    private static let mostFiles = 20_000

    /// Notes what a directory looks like.
    ///
    /// - Parameter isNeeded: Whether it is to be kept however many there are.
    /// - Returns: Whether it is not known to have looked so before.
    mutating func isNews(_ listing: DirectoryListing, isNeeded: Bool) -> Bool {
        guard isNeeded || !isLarge else { return true }
        let print = Print(hash: listing.hashValue, fileCount: listing.files.count)
        let before = prints.updateValue(print, forKey: listing.directory)
        fileCount += print.fileCount - (before?.fileCount ?? 0)
        if !isNeeded, prints.count > Self.mostDirectories || fileCount > Self.mostFiles {
            self = Fingerprints()
            isLarge = true
        }
        return before?.hash != print.hash
    }

    /// Forgets a directory and all below it.
    mutating func forget(_ directory: FilePath) {
        guard !prints.isEmpty else { return }
        for (path, print) in prints where path.lies(in: directory) {
            prints[path] = nil
            fileCount -= print.fileCount
        }
    }
}
