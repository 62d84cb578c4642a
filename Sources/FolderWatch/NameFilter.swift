import Platform
import SystemPackage

/// Decides by name alone which files may be audio or archives of it, and which directories are entered.
///
/// Names are bytes; letters of extensions count as equal in either case, those of the user's patterns do not.
package struct NameFilter: Sendable, Hashable {
    /// What becomes of a name.
    package enum Verdict: Sendable, Hashable {
        /// The file is looked at, the directory entered.
        case candidate
        /// It is left out; the reason completes the sentence "left out: …".
        case left(reason: String)
    }

    /// The user's patterns.
    package let exclude: [NamePattern]
    private let extensions: AudioExtensions
    /// Whether archives are candidates as well.
    package let opensArchives: Bool

    /// - Parameters:
    ///   - exclude: Patterns for names that are left out.
    ///   - video: Extensions of films whose sound is wanted, in lower case, each of up to seven letters and digits.
    ///   - archives: Whether archives are candidates as well.
    package init(exclude: [NamePattern] = [], video: [String] = [], archives: Bool = true) {
        self.exclude = exclude
        opensArchives = archives
        extensions = AudioExtensions(and: video)
    }

    /// Counted up whenever names that were left out before are candidates now, by the rules that nobody can change.
    /// 2: the formats that FFmpeg's libraries read. 3: archives.
    package static let generation = 3

    /// The extensions of the names of sounds, in lower case.
    package var soundExtensions: [[UInt8]] { extensions.names }

    /// Judges the name of a file.
    package func verdict(_ file: FilePath.Component) -> Verdict { verdict(file: file.bytes) }

    func verdict(file name: [UInt8]) -> Verdict {
        if let pattern = TemporaryNames.pattern(matching: name) {
            return .left(reason: "its name matches the temporary-file pattern \(pattern.text)")
        }
        if let reason = reasonForAny(name) { return .left(reason: reason) }
        if ArchiveNames.isArchive(name) {
            return opensArchives
                ? .candidate : .left(reason: "it is an archive, and archives in timbred.toml is false")
        }
        guard extensions.isExtension(ofName: name) else {
            return .left(
                reason: AudioExtensions.isVideo(name)
                    ? "it is a film by its extension, and video in timbred.toml does not name that"
                    : "its extension is not that of an audio format")
        }
        return .candidate
    }

    /// Whether the verdict on a file is that it is a candidate; found sooner than the verdict.
    func isCandidate(file name: [UInt8]) -> Bool {
        (extensions.isExtension(ofName: name) || opensArchives && ArchiveNames.isArchive(name))
            && reasonForAny(name) == nil && TemporaryNames.pattern(matching: name) == nil
    }

    /// Whether the verdict on a directory is that it is a candidate.
    func isCandidate(directory name: [UInt8]) -> Bool {
        name.first != UInt8(ascii: ".") && !exclude.contains { $0.matches(name) }
            && SystemFolders.reason(ofName: name) == nil
    }

    /// Whether an entry that is no candidate is one that somebody may look for: a directory, what is called as audio is,
    /// or a link to what may be either.
    func isMissed(_ name: [UInt8], kind: FileStatus.Kind?) -> Bool {
        switch kind {
        case .directory: !isCandidate(directory: name)
        case .file: extensions.isExtension(ofName: name) && !isCandidate(file: name)
        case .link: extensions.isExtension(ofName: name) || !name.contains(UInt8(ascii: "."))
        case .other, nil: false
        }
    }

    /// Judges the name of a directory. The patterns for temporary files do not apply.
    package func verdict(directory: FilePath.Component) -> Verdict { verdict(directory: directory.bytes) }

    func verdict(directory name: [UInt8]) -> Verdict {
        reasonForDirectory(name).map { .left(reason: $0) } ?? .candidate
    }

    /// Judges a path below a watched folder: the directories on the way, then the file.
    package func verdict(_ file: FilePath, below root: FilePath) -> Verdict {
        guard let names = file.names(below: root), let name = names.last else {
            return .left(reason: "it does not lie in \(root)")
        }
        for directory in names.dropLast() {
            if let reason = reasonForDirectory(Array(directory)) {
                return .left(reason: "of its directory \(String(decoding: directory, as: UTF8.self)): \(reason)")
            }
        }
        return verdict(file: Array(name))
    }

    /// Whether a directory below a watched folder is entered, and all that it lies in.
    package func enters(_ directory: FilePath, below root: FilePath) -> Bool {
        directory.names(below: root)?.allSatisfy { reasonForDirectory(Array($0)) == nil } ?? false
    }

    private func reasonForDirectory(_ name: [UInt8]) -> String? {
        SystemFolders.reason(ofName: name) ?? reasonForAny(name)
    }

    private func reasonForAny(_ name: [UInt8]) -> String? {
        if let pattern = exclude.first(where: { $0.matches(name) }) {
            return "its name matches the excluded pattern \(pattern.text)"
        }
        return name.first == UInt8(ascii: ".") ? "it is hidden" : nil
    }
}
