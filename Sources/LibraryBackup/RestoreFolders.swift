import Foundation
import Glibc
import Platform
import SystemPackage

/// The folders in the state directory that a restore works with, all named after the time of the restore.
struct RestoreFolders {
    let state: FilePath
    let stamp: String

    init(state: FilePath, stamp: String) {
        self.state = state
        self.stamp = stamp
    }

    /// Names folders that are not there yet.
    init(unusedIn state: FilePath, at time: Double) {
        let stamp = Self.stamp(time)
        self.init(state: state, stamp: stamp)
        var number = 2
        while staged.fileSize != nil || aside.fileSize != nil {
            self.init(state: state, stamp: "\(stamp)-\(number)")
            number += 1
        }
    }

    private static let stagedPrefix = "restore-"
    private static let partSuffix = ".part"

    /// Where a backup is being read to.
    var part: FilePath { staged.adding(Self.partSuffix) }
    /// Where a whole one waits for the next start.
    var staged: FilePath { state.appending(Self.stagedPrefix + stamp) }
    /// Where what was there before is kept.
    var aside: FilePath { state.appending("before-restore-" + stamp) }

    /// Files of a backup that go to the state directory.
    static let restored = [LibraryBackup.Name.events, LibraryBackup.Name.configuration, LibraryBackup.Name.database]
    /// Where the configuration goes: it is for people to look at.
    var configuration: FilePath { state.appending("restored-timbred.toml") }

    /// A time as in `20260102T030405Z`.
    static func stamp(_ time: Double) -> String {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, timeSeparator: .omitted, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
        return Date(timeIntervalSince1970: time).formatted(style)
    }

    /// The restore that waits for a start; nil if none does.
    static func waiting(in state: FilePath) throws(Errno) -> RestoreFolders? {
        try stamps(in: state) { !$0.hasSuffix(partSuffix) }.max().map { RestoreFolders(state: state, stamp: $0) }
    }

    /// Removes those that wait for a start.
    static func removeWaiting(in state: FilePath) throws(Errno) {
        for stamp in try stamps(in: state, { !$0.hasSuffix(partSuffix) }) {
            try RestoreFolders(state: state, stamp: stamp).staged.removeFolder()
        }
    }

    /// Removes what is left of restores that came to nothing.
    func removeParts() throws(Errno) { try Self.removeParts(in: state) }

    static func removeParts(in state: FilePath) throws(Errno) {
        for name in try stamps(in: state, { $0.hasSuffix(partSuffix) }) {
            try state.appending(stagedPrefix + name).removeFolder()
        }
    }

    private static func stamps(in state: FilePath, _ isMeant: (String) -> Bool) throws(Errno) -> [String] {
        let entries: [OpenDirectory.Entry]
        do throws(Errno) { entries = try OpenDirectory.entries(of: state) } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return []
        }
        return entries.map { String(decoding: $0.name, as: UTF8.self) }.filter { $0.hasPrefix(stagedPrefix) }
            .map { String($0.dropFirst(stagedPrefix.count)) }.filter(isMeant)
    }
}

extension FilePath {
    /// Makes a folder for its owner alone, if there is none. (C: `mkdir`.)
    func makePrivateFolder() throws(Errno) {
        guard unsafe withPlatformString({ unsafe mkdir($0, 0o700) }) != 0 else { return }
        let failure = Errno.last
        if failure != .fileExists { throw failure }
    }

    /// Removes a folder with the files in it; there are no folders in it.
    func removeFolder() throws(Errno) {
        for entry in try OpenDirectory.entries(of: self) { try appending(bytes: entry.name).removeFile() }
        if unsafe withPlatformString({ unsafe rmdir($0) }) != 0 { throw Errno.last }
    }
}
